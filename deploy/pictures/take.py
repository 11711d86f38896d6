"""Takes the README's pictures from the real page, in a real Chromium.

`python deploy/pictures/take.py`, run by the Python of the tests, starts the page on a port
of its own and writes, beside this file, `page.png` (the first screen) and `backward.gif` (a pass
played step by step, one frame for each step of the player). `CHROMIUM` names the browser; without
it Playwright's own is used.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIRST = {"f": "sin(x)*x**2", "in.x": "2", "lesson": "square", "lang": "en"}
PLAYED = {"f": "(x + y) * z", "in.x": "-2", "in.y": "5", "in.z": "-4", "lang": "en"}
BEAT = 1100
"""Milliseconds that a step stays on the screen; the last one three times as long."""
SHARPNESS = 1.5
"""Pixels of the picture for each one of the page."""


@contextmanager
def served() -> Iterator[str]:
    """The address of a page of our own, up for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = ["--server.headless=true", "--server.fileWatcherType=none"]
    options += [f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py")]
    server = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    """Returns once the page answers; gives up after a minute."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {address}")


def opened(page: Page, address: str, view: dict[str, str]) -> None:
    """Opens a view and waits until graph and curve stand still."""
    page.goto(f"{address}/?{urlencode(view)}")
    page.locator(".st-key-graph .node").first.wait_for(timeout=60_000)
    page.locator(".st-key-curve .js-plotly-plot").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2_000)


def first_screen(page: Page, address: str) -> None:
    """`page.png`: what one sees on opening a link, at the last step."""
    page.set_viewport_size({"width": 1400, "height": 1300})
    opened(page, address, FIRST)
    page.get_by_role("button", name="Last step").click()
    page.wait_for_timeout(1_000)
    taken(page).quantize(256, dither=Image.Dither.NONE).save(HERE / "page.png", optimize=True)


def taken(page: Page, selector: str | None = None) -> Image.Image:
    """What the page, or one element of it, shows now."""
    seen = page.locator(selector).first.screenshot() if selector else page.screenshot()
    return Image.open(io.BytesIO(seen)).convert("RGB")


def played(page: Page, address: str) -> None:
    """`backward.gif`: the player's steps from first to last."""
    page.set_viewport_size({"width": 1400, "height": 900})
    opened(page, address, PLAYED)
    page.get_by_role("button", name="First step").click()
    frames = []
    following = page.get_by_role("button", name="Next step")
    while True:
        page.wait_for_timeout(900)
        frames.append(taken(page, ".st-key-graph"))
        if following.is_disabled():
            break
        following.click()
    # one palette for all frames: colours must not flicker
    palette = frames[-1].quantize(64, dither=Image.Dither.NONE)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    beats = [BEAT] * (len(drawn) - 1) + [3 * BEAT]
    drawn[0].save(
        HERE / "backward.gif",
        save_all=True,
        append_images=drawn[1:],
        duration=beats,
        loop=0,
        optimize=True,
    )


def main() -> None:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=flags)
        page = browser.new_page(device_scale_factor=SHARPNESS, color_scheme="light")
        first_screen(page, address)
        played(page, address)
        browser.close()
    for picture in sorted(HERE.glob("*.png")) + sorted(HERE.glob("*.gif")):
        print(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
