"""How quick the page is: new x → new graph, and x₀ on the curve, beside a page of text only.

Run it by `python3 benchmarks/run.py page`. Both pages are served by this machine and
driven by the same Chromium, turn by turn; then frames per second while the player plays.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from benchmarks.report.findings import tell

ROOT = Path(__file__).resolve().parent.parent
TURNS = 25
TEXT_ONLY = """
import streamlit as st

@st.fragment
def body():
    x = st.number_input("x", value=1.0, format="%.3f")
    st.text(f"x is {x:.3f}")

body()
"""
# told by the browser when the text is there; looking through the page again and again would take
# the very time that is measured
WATCH = """([home, selector, text]) => {
  const host = [...document.querySelectorAll(`${home}, ${home} *`)].find((one) => one.shadowRoot);
  const root = host?.shadowRoot ?? document.querySelector(home);
  globalThis.shown = new Promise((resolve) => {
    const watcher = new MutationObserver(() => {
      if (root.querySelector(selector)?.textContent !== text) return;
      watcher.disconnect();
      resolve(performance.now());
    });
    watcher.observe(root, { subtree: true, childList: true, characterData: true });
  });
  addEventListener("keydown", (event) => { globalThis.pressed = event.timeStamp; },
    { capture: true });
}"""
FRAMES = """(seconds) => new Promise((resolve) => {
  let frames = 0;
  const start = performance.now();
  const tick = () => {
    frames += 1;
    const passed = (performance.now() - start) / 1000;
    if (passed >= seconds) resolve(frames / passed);
    else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})"""


def served(script: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A Streamlit process and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}",
         "--server.headless=true", "--server.fileWatcherType=none"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}/"
    while True:
        try:
            urllib.request.urlopen(f"{address}_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process, address


def typed(page: Page, field: str, value: str, shown: tuple[str, str, str]) -> float:
    """Milliseconds from the key that sends a new x to its text in the DOM."""
    box = page.locator(field).first
    box.click()
    box.fill(value[:-1])
    page.wait_for_timeout(500)
    box.press("End")
    page.evaluate(WATCH, list(shown))
    box.press(value[-1])
    if field == "input":
        box.press("Enter")
    return float(page.evaluate("async () => (await globalThis.shown) - globalThis.pressed"))


def percentiles(times: list[float]) -> str:
    times = sorted(times)
    return f"p50 {statistics.median(times):.0f} ms, p95 {times[int(len(times) * 0.95)]:.0f} ms"


def chain(operations: int) -> str:
    """A program of so many different operations, which do not fold."""
    names = ("sin", "cos", "tanh", "exp", "sigmoid")
    lines = ["def f(x):"]
    for number in range(operations):
        before = f"x{number - 1}" if number else "x"
        lines.append(
            f"    x{number} = torch.{names[(number * number + number // 7) % 5]}({before})"
        )
    return "\n".join([*lines, f"    return x{operations - 1}"])


def main() -> None:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        plain = Path(folder) / "text_only.py"
        plain.write_text(TEXT_ONLY, encoding="utf-8")
        servers = [served(ROOT / "streamlit_app.py"), served(plain)]
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            measure(browser.new_page(), browser.new_page(), servers[0][1], servers[1][1])
        finally:
            browser.close()
            for process, _address in servers:
                process.terminate()


def measure(page: Page, text: Page, explorer: str, plain: str) -> None:
    page.goto(explorer + "?" + urlencode({"f": "sin(x)*x**2", "in.x": "1.0"}))
    text.goto(plain)
    page.wait_for_selector(".st-key-graph .node", timeout=120_000)
    text.wait_for_selector("input")
    page.locator(".st-key-graph .icon-last").click()
    page.wait_for_selector(".st-key-overlay .at", timeout=60_000)
    graph, marker, words = [], [], []
    for turn in range(TURNS):
        x = f"{1.001 + turn / 8:.3f}"  # never ends in 0: the text without its last digit differs
        page.bring_to_front()
        graph.append(
            typed(page, "#field-x", x, (".st-key-graph", ".node.leaf .value", f"{float(x):g}"[:5]))
        )
        x = f"{1.003 + turn / 8:.3f}"
        marker.append(typed(page, "#field-x", x, (".st-key-overlay", ".at", f"x = {float(x):g}")))
        text.bring_to_front()
        words.append(typed(text, "input", x, (".stApp", '[data-testid="stText"]', f"x is {x}")))
    for what, times in (("graph", graph), ("x₀ on the curve", marker), ("text only", words)):
        tell(what, "new x → DOM, p50", statistics.median(times), "ms")
    print(f"new x → graph in the DOM: {percentiles(graph)}")
    print(f"new x → x₀ and tangent:   {percentiles(marker)}")
    print(f"new x → text only:        {percentiles(words)}")
    page.bring_to_front()
    for operations in (60, 400):
        view = {"f": chain(operations), "fold": "0", "show": "value"}
        start = time.perf_counter()
        page.goto(f"{explorer}?{urlencode(view)}")
        page.wait_for_selector(".st-key-graph .node", timeout=120_000)
        print(f"link → graph of {operations} operations: {time.perf_counter() - start:.1f} s")
        page.wait_for_timeout(3_000)
        count = page.locator(".st-key-graph .node").count()
        page.locator(".st-key-graph .speed").select_option("4")
        print(f"playing at 4×, {count} nodes: {page.evaluate(FRAMES, 5):.0f} frames/s")


if __name__ == "__main__":
    main()
