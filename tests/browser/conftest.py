"""One server for all browser tests, and the system's own Chromium.

`CHROMIUM` names another browser by its path, or Playwright's own as `playwright`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.explorer import Explorer
from viz.page.serving.headers import EMBED

expect.set_options(timeout=20_000)

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # the pages of a site in one process, where what Streamlit sends is compiled once
    "--process-per-site",
)
SCHOOL = "https://school.example"
"""The one other site that may frame the tests' page."""


POLICY = "Content Security Policy"
"""What Chromium says on its console when the page asks for what its headers forbid."""


def pytest_itemcollected(item: pytest.Item) -> None:
    # pytest-base-url, which pytest-playwright brings along, still defines its fixture the old way
    old = "ignore:Session-scoped fixtures defined as instance methods"
    item.add_marker(pytest.mark.filterwarnings(old))


def chromium() -> str | None:
    """The Chromium that `tests/run.py` found, or one that is on this machine."""
    if told := os.environ.get("CHROMIUM"):
        return told
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = os.environ.get("CHROMIUM") or chromium()
    if path == "playwright":
        return {**browser_type_launch_args, "args": list(ARGUMENTS)}
    if path is None:
        if os.environ.get("CI") or os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail("There is no Chromium on the PATH: apt-get install chromium.")
        pytest.skip("There is no Chromium on the PATH.")
    return {**browser_type_launch_args, "executable_path": path, "args": list(ARGUMENTS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1400, "height": 1000},
        "locale": "en-US",
        # each test starts at rest; those of motion ask for it
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def home() -> Iterator[str]:
    """The address of the page, served by a Streamlit of its own."""
    with served("streamlit_app.py") as (address, _process):
        yield address


@pytest.fixture(scope="session")
def server(home: str) -> str:
    """The same, where a module's tests have no server of their own."""
    return home


@contextmanager
def served(
    script: str, log: IO[bytes] | None = None, port: int | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address at which a Streamlit of its own serves a script, and its process.

    What it says of errors goes into `log`, else to where the tests say it. The port is a free one
    unless it is told.
    """
    port = port or free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}",
        "--server.headless=true", "--server.fileWatcherType=none", "--server.address=127.0.0.1",
    ]  # fmt: skip
    paths = {**os.environ, "PYTHONPATH": str(ROOT), EMBED: SCHOOL}
    process = subprocess.Popen(command, cwd=ROOT, env=paths, stdout=subprocess.DEVNULL, stderr=log)
    try:
        _await(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}/", process
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within 30 s")


@pytest.fixture(scope="session")
def tabs(
    browser: Browser, browser_context_args: dict[str, Any], home: str
) -> Iterator[BrowserContext]:
    """One context for all tests, with a tab that stays: its process is the other tabs' as well, for
    which to load the page costs half as much.
    """
    context = browser.new_context(**browser_context_args)
    context.new_page().goto(f"{home}_stcore/health")
    yield context
    context.close()


@pytest.fixture
def context(tabs: BrowserContext, home: str) -> Iterator[BrowserContext]:
    """The same with nothing in it that an earlier test has left."""
    yield tabs
    stays, *others = tabs.pages
    for page in others:
        page.close()
    tabs.set_offline(False)
    tabs.clear_permissions()
    tabs.clear_cookies()
    told = tabs.new_cdp_session(stays)
    origin = {"origin": home.rstrip("/"), "storageTypes": "local_storage"}
    told.send("Storage.clearDataForOrigin", origin)
    told.detach()


@pytest.fixture
def explorer(page: Page, server: str) -> Iterator[Explorer]:
    """The page, to be opened; fails at the end if the browser met an error or a forbidden thing."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if POLICY in said.text else None)
    page.set_default_timeout(15_000)
    yield Explorer(page, lambda **parameters: f"{server}?{urlencode(parameters)}")
    assert errors == []
