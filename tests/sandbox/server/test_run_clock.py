"""What counts as used: processor time, and the wall's less what others kept a run waiting."""

import pytest

from viz.sandbox.server import run_clock
from viz.sandbox.server.run_clock import RunClock
from viz.sandbox.wire.orders import STARVED, WALL


@pytest.mark.parametrize(
    ("used", "passed", "ready", "left"),
    [
        (0.0, 0.0, 0.0, 1.5),
        (1.0, 1.0, 0.0, 0.5),
        (1.5, 1.5, 0.0, 0.0),
        (0.0, 1.5 * WALL, 0.0, 0.0),  # it slept
        (1.0, 1.5 * WALL, 5.0, 0.5),  # others had the processor: an honest second goes on
        (0.5, 1.5 * WALL, 0.25, 0.25),  # it waited a little, and slept otherwise
        (0.1, 1.5 * WALL * STARVED + 0.01, 17.9, 0.0),  # but not for ever
    ],
)
def test_a_mark_is_reached_by_either_clock(monkeypatch, used, passed, ready, left):
    monkeypatch.setattr(run_clock.time, "clock_gettime", lambda _clock: used)
    monkeypatch.setattr(run_clock.time, "monotonic", lambda: 100.0 + passed)
    clock = RunClock(began=100.0)
    monkeypatch.setattr(clock, "stood_ready", lambda: ready)
    assert clock.until(1.5) == pytest.approx(left, abs=0.01)
    assert clock.over(1.5) is (left == 0)


def test_where_nobody_tells_it_never_stood_ready():
    assert RunClock(pid=1 << 30).stood_ready() == 0.0


def test_what_a_child_rehearsed_is_no_time_of_its_run(monkeypatch):
    used = iter([0.02, 0.32])
    monkeypatch.setattr(run_clock.time, "clock_gettime", lambda _clock: next(used))
    clock = RunClock()
    clock.start(pid=1)
    assert clock.used() == pytest.approx(0.3)


def test_what_a_child_stood_ready_before_its_run_is_none_of_it(monkeypatch):
    told = iter(["1 2000000000 3", "1 2250000000 3"])
    monkeypatch.setattr(run_clock.Path, "read_text", lambda _path: next(told))
    clock = RunClock()
    clock.start(pid=1)
    assert clock.stood_ready() == pytest.approx(0.25)
