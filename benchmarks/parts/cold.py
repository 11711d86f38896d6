"""A cold start: from the command to the first graph, beside a page of bare text.

Seconds until the browser has painted what is looked for, by its own clock from the opening of the
address, in a fresh tab with nothing cached: first for the visitor who comes as soon as the server
answers, then for later ones, turn by turn. The typed program is one that no lesson ships an answer
of.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from benchmarks.page import ROOT, TEXT_ONLY, served
from benchmarks.report.findings import tell

LATER = 7
TYPED = {"f": "sin(x)*x**2 + 0.123*x"}
GRAPH, TEXT = (".st-key-graph", ".node"), (".stApp", '[data-testid="stText"]')
COLUMNS = ("server answers", "then first visitor", "later visitors")
# looked for by the page itself at each frame: to ask it from outside takes up to half a second
WATCH = """([home, part]) => {
  const found = () => {
    const host = document.querySelector(home);
    const all = host ? [host, ...host.querySelectorAll("*")] : [];
    return all.some((one) => one.matches(part) || one.shadowRoot?.querySelector(part));
  };
  globalThis.painted = new Promise((resolve) => {
    const look = () => {
      if (found()) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      else requestAnimationFrame(look);
    };
    look();
  });
}"""


@dataclass
class Case:
    """A page and what is looked for in it; seconds that each visitor took."""

    name: str
    script: Path
    view: dict[str, str]
    sought: tuple[str, str]
    up: float = 0.0
    address: str = ""
    first: float = 0.0
    later: list[float] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        """Starts its server and waits until it answers."""
        begin = time.perf_counter()
        process, address = served(self.script)
        self.up = time.perf_counter() - begin
        self.address = f"{address}?{urlencode(self.view)}"
        return process

    def seconds(self) -> list[float]:
        """What came out, a number for each of `COLUMNS`."""
        return [self.up, self.first, statistics.median(self.later)]


def shown(browser: Browser, case: Case) -> float:
    """Seconds from opening the address to the frame that shows what is looked for."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.add_init_script(f"({WATCH})({list(case.sought)})")
    page.goto(case.address)
    took = float(page.evaluate("() => globalThis.painted")) / 1000
    context.close()
    return took


def measure(browser: Browser, cases: list[Case]) -> None:
    with ExitStack() as left:
        for case in cases:
            process = case.start()
            left.callback(process.wait, 20)
            left.callback(process.terminate)
            case.first = shown(browser, case)
        for _turn in range(LATER):
            for case in cases:
                case.later.append(shown(browser, case))


def main() -> None:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        plain = Path(folder) / "text_only.py"
        plain.write_text(TEXT_ONLY, encoding="utf-8")
        app = ROOT / "streamlit_app.py"
        cases = [
            Case("bare text", plain, {}, TEXT),
            Case("a lesson", app, {}, GRAPH),
            Case("a typed program", app, TYPED, GRAPH),
        ]
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        measure(browser, cases)
        browser.close()
    print(f"{'seconds':16}" + "".join(f"{name:>20}" for name in COLUMNS))
    for case in cases:
        found = case.seconds()
        print(f"{case.name:16}" + "".join(f"{value:>18.2f} s" for value in found))
        for column, value in zip(COLUMNS, found, strict=True):
            tell(case.name, column, value, "s")


if __name__ == "__main__":
    main()
