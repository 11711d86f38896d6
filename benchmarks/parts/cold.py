"""A cold start: from the command to the first graph, beside a page of bare text.

By a browser, seconds from the start of the server's process until what is looked for stands in the
DOM, first for the visitor who comes while the server starts, then for later ones in a fresh tab.
The typed program is one that no lesson ships an answer of.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from benchmarks.page import ROOT, TEXT_ONLY, served
from benchmarks.report.findings import tell

LATER = 5
LESSON: dict[str, str] = {}
TYPED = {"f": "sin(x)*x**2 + 0.123*x"}
GRAPH, TEXT = ".st-key-graph .node", '[data-testid="stText"]'


def shown(browser: Browser, address: str, selector: str) -> float:
    """Seconds from opening an address in a fresh tab, with nothing cached, to the selector."""
    context = browser.new_context()
    page = context.new_page()
    begin = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(selector, timeout=120_000)
    took = time.perf_counter() - begin
    context.close()
    return took


def measured(browser: Browser, script: Path, view: dict[str, str], selector: str) -> list[float]:
    """Seconds: the server answers, the first visitor sees it, later ones do (median)."""
    begin = time.perf_counter()
    process, address = served(script)
    try:
        up = time.perf_counter() - begin
        link = f"{address}?{urlencode(view)}"
        first = shown(browser, link, selector)
        later = statistics.median(shown(browser, link, selector) for _ in range(LATER))
    finally:
        process.terminate()
        process.wait(20)
    return [up, first, later]


def main() -> None:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    columns = ("server answers", "then first visitor", "later visitors")
    print(f"{'seconds':16}" + "".join(f"{name:>20}" for name in columns))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        plain = Path(folder) / "text_only.py"
        plain.write_text(TEXT_ONLY, encoding="utf-8")
        app = ROOT / "streamlit_app.py"
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, script, view, selector in (
            ("bare text", plain, {}, TEXT),
            ("a lesson", app, LESSON, GRAPH),
            ("a typed program", app, TYPED, GRAPH),
        ):
            found = measured(browser, script, view, selector)
            print(f"{name:16}" + "".join(f"{value:>18.2f} s" for value in found), flush=True)
            for column, value in zip(columns, found, strict=True):
                tell(name, column, value, "s")
        browser.close()


if __name__ == "__main__":
    main()
