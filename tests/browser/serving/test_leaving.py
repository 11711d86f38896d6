"""A run whose answer nobody waits for any more is ended: the visitor left, or typed on.

In the page served here a run may last a minute, so whatever ends sooner was ended by the page.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import served
from tests.browser.explorer import Explorer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's processes")

OF_RUNS = ("pipe:", "/memfd:", "anon_inode:[pidfd]", "anon_inode:[eventfd]")
EXITING = 4
"""The kernel's mark of a process that is on its way out."""
ENDLESS = "def f(x):\n    while True: x = x + {}\n    return x"


class Server:
    """The page's process and what runs under it."""

    def __init__(self, address: str, process: subprocess.Popen[bytes]) -> None:
        self.address = address
        self.pid = process.pid

    def link(self, **parameters: str) -> str:
        return f"{self.address}?{urlencode(parameters)}"

    def running(self) -> list[int]:
        """The sandbox's children that have a program: they have stepped back."""
        return [pid for pid in _under(self.pid) if _niceness(pid) > 0]

    def told(self) -> list[str]:
        """Of each that runs: its state, and how many ticks of the processor it took."""
        return [_stat(pid) for pid in self.running()]

    def held(self) -> tuple[int, int]:
        """Processes under the page's, and the descriptors that a run needs."""
        ends = [_points_at(entry) for entry in Path(f"/proc/{self.pid}/fd").iterdir()]
        of_runs = [end for end in ends if end.startswith(OF_RUNS)]
        return len(_under(self.pid)), len(of_runs)


def _under(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            words = (task / "children").read_text().split()
        except OSError:
            continue
        found += [each for word in words for each in (int(word), *_under(int(word)))]
    return found


def _niceness(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if stat[0] == "Z" or int(stat[6]) & EXITING else int(stat[16])


def _stat(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        waits = Path(f"/proc/{pid}/wchan").read_text()
    except OSError:
        return f"{pid} has ended"
    return f"{pid} {words[0]} for {words[11]} and {words[12]} ticks, in {waits}"


def _points_at(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return ""  # it was closed while it was looked at


@pytest.fixture(scope="module")
def patient() -> Iterator[Server]:
    with served("tests/browser/serving/patient_app.py") as (address, process):
        yield Server(address, process)


@pytest.fixture(autouse=True)
def quiet(patient: Server) -> Iterator[None]:
    yield
    assert soon(lambda: not patient.running()), "nothing runs on after a test"


def soon(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so long before a run would end of itself, on a machine that stalls too."""
    until = time.monotonic() + 30
    while not is_so() and time.monotonic() < until:
        time.sleep(0.02)
    return is_so()


def _at_rest(server: Server) -> tuple[int, int]:
    """What the page holds once that stays so: the curve's run may follow the graph's."""
    held, since = server.held(), time.monotonic()
    until = since + 30
    while time.monotonic() < min(since + 1.5, until):
        time.sleep(0.05)
        if server.running() or server.held() != held:
            held, since = server.held(), time.monotonic()
    return held


@pytest.fixture
def explorer(page: Page, patient: Server) -> Explorer:
    return Explorer(page, patient.link)


def test_closing_the_page_ends_its_run_and_leaves_nothing(
    context: BrowserContext, explorer: Explorer, patient: Server
) -> None:
    explorer.open(f="x*x", in_x="3")
    before = _at_rest(patient)
    for number in range(3):
        leaving = context.new_page()
        leaving.goto(patient.link(f=ENDLESS.format(number)))
        assert soon(lambda: len(patient.running()) == 1)
        leaving.close()
        assert soon(lambda: not patient.running())
    assert soon(lambda: patient.held() == before)
    explorer.type("x*x*x")
    expect(explorer.node("×")).to_have_count(2)


def test_a_page_that_leaves_while_it_waits_for_a_place_is_forgotten(
    context: BrowserContext, explorer: Explorer, patient: Server
) -> None:
    busy = [context.new_page() for _ in range(2)]
    for number, page in enumerate(busy):
        page.goto(patient.link(f=ENDLESS.format(number)))
    assert soon(lambda: len(patient.running()) == 2)
    waiting = [context.new_page() for _ in range(3)]
    for number, page in enumerate(waiting):
        page.goto(patient.link(f=ENDLESS.format(number)))
        expect(page.get_by_test_id("stApp")).to_be_visible()
    for page in (*waiting, *busy):
        page.close()
    explorer.open(f="x*x", in_x="3")
    explorer.expect_numbers("×", "9", "1")
    assert soon(lambda: not patient.running())


def test_typing_on_ends_the_run_of_what_was_typed_before(
    explorer: Explorer, patient: Server
) -> None:
    explorer.open(f="x*x", in_x="3")
    for number in range(3):
        explorer.type(ENDLESS.format(number))
        assert soon(lambda: len(patient.running()) == 1)
        first = patient.running()
        explorer.type(ENDLESS.format(number + 10))
        assert soon(lambda first=first: patient.running() not in ([], first)), explorer.page.url
    explorer.type("sin(x)")
    expect(explorer.node("sin")).to_be_visible()
    expect(explorer.source).to_have_value("sin(x)")
    expect(explorer.error).to_have_count(0)


def test_a_control_ends_the_run_as_well(explorer: Explorer, patient: Server) -> None:
    """The sidebar runs the whole script anew; Streamlit begins that beside the run that waits."""
    explorer.open(f="x*x", in_x="3")
    explorer.complete()
    explorer.type(ENDLESS.format(1))
    assert soon(lambda: len(patient.running()) == 1)
    explorer.page.get_by_role("combobox").first.click()
    explorer.page.get_by_role("option").first.click()
    expect(explorer.source).not_to_have_value(ENDLESS.format(1))
    expect(explorer.node("×")).to_be_visible()
    expect(explorer.error).to_have_count(0)
    assert soon(lambda: not patient.running()), (patient.told(), explorer.page.url)


def test_a_session_has_one_run_at_a_time_however_fast_one_types(
    context: BrowserContext, explorer: Explorer, patient: Server
) -> None:
    other = context.new_page()
    other.goto(patient.link(f=ENDLESS.format("x")))
    assert soon(lambda: len(patient.running()) == 1)
    explorer.open(f="x*x", in_x="3")
    most = 0
    for number in range(8):
        explorer.type(ENDLESS.format(number))
        until = time.monotonic() + 0.2 + number / 10  # before, while and after it begins
        while time.monotonic() < until:
            first = set(patient.running())
            time.sleep(0.15)  # one that was killed is gone by then
            most = max(most, len(first.intersection(patient.running())))
    assert most == 2, "one of this page, one of the other"
    other.close()
    explorer.type("cos(x)")
    expect(explorer.node("cos")).to_be_visible()
