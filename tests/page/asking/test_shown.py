"""What open pages show: one budget of memory, and nothing is taken from a page that runs."""

from __future__ import annotations

import weakref

import msgspec

from viz.page.asking.shown import LIGHT, MEMORY, ShownRecords
from viz.page.session.state import Session
from viz.page.session.view import View
from viz.records import Program, Trace


def opened(shown: ShownRecords, name: str, text: str) -> Session:
    """A session that shows a record with so much text."""
    now = Session(View(), name=name, trace=Trace(Program("x", "expression"), printed=text))
    now.making["JSON"] = lambda trace=now.trace: trace.printed
    shown.note(now)
    return now


def size(now: Session) -> int:
    return MEMORY * len(msgspec.msgpack.encode(now.trace))


def test_the_largest_and_oldest_are_let_go() -> None:
    one = size(opened(ShownRecords(), "z", "x" * 1_000))
    shown = ShownRecords(budget=10 * one)
    large = opened(shown, "large", "x" * 5_000)
    held = weakref.ref(large.trace)
    small = opened(shown, "small", "")
    others = [opened(shown, f"s{number}", "x" * 1_000) for number in range(8)]
    assert large.trace is None
    assert held() is None, "nothing else holds on to it"
    assert small.trace is not None
    assert all(other.trace is not None for other in others)
    assert shown.held <= shown.budget


def test_a_page_that_runs_keeps_what_it_shows() -> None:
    shown = ShownRecords(budget=1)
    now = opened(shown, "a", "x" * 1_000)
    with now.running(), now.running():
        opened(shown, "b", "")
        assert now.trace is not None
    opened(shown, "c", "")
    assert now.trace is None


def test_a_visitor_who_leaves_a_large_run_holds_nothing() -> None:
    shown = ShownRecords()
    large = opened(shown, "a", "x" * (LIGHT // MEMORY))
    small = opened(shown, "b", "x")
    for now in (large, small):
        shown.left(now)
    assert (large.trace, small.trace is None) == (None, False)
    assert shown.held == size(small)


def test_a_session_that_is_gone_counts_no_more() -> None:
    shown = ShownRecords()
    opened(shown, "a", "x" * 1_000)
    assert shown.held == 0
