"""Kept answers: one run for one question, within one budget for all sessions."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from viz.errors import RunStopped, SandboxBusy, problem
from viz.page.asking.kept import EACH, KeptAnswers
from viz.records import Failure, Program, Surface, Trace


def said(text: str) -> Trace:
    return Trace(Program("x", "expression"), printed=text)


def size(record: Trace, question: bytes = b"q") -> int:
    return len(msgspec.msgpack.encode(record)) + len(question)


def test_a_session_finds_its_own_answers_and_no_others() -> None:
    kept = KeptAnswers()
    kept.put("a", b"q", said("one"))
    assert kept.get("a", b"q") == said("one")
    assert kept.get("b", b"q") is None
    assert kept.get("a", b"other") is None


def test_a_session_keeps_the_latest() -> None:
    kept = KeptAnswers()
    for number in range(EACH + 3):
        kept.put("a", b"%d" % number, said(str(number)))
        kept.get("a", b"0")
    assert kept.get("a", b"0") == said("0")
    assert kept.get("a", b"1") is None
    assert kept.get("a", b"%d" % (EACH + 2)) == said(str(EACH + 2))


@pytest.mark.parametrize("sessions", [1, 40])
def test_all_sessions_share_one_budget(sessions: int) -> None:
    record = said("x" * 1_000)
    kept = KeptAnswers(budget=10 * size(record))
    for number in range(200):
        kept.put(f"s{number % sessions}", b"%d" % number, record)
        assert kept.held <= kept.budget
    assert kept.held > kept.budget // 2


def test_the_largest_and_oldest_go_first() -> None:
    kept = KeptAnswers(budget=size(said("x" * 1_000)) * 10)
    kept.put("a", b"small", said("x" * 10))
    kept.put("b", b"large", said("x" * 2_000))
    for number in range(9):
        kept.put("c", b"%d" % number, said("x" * 1_000))
    assert kept.get("b", b"large") is None
    assert kept.get("a", b"small") is not None


def test_what_is_too_large_is_not_kept_and_who_leaves_is_forgotten() -> None:
    kept = KeptAnswers(budget=4_000)
    kept.put("a", b"q", said("x" * 1_000))
    assert kept.get("a", b"q") is None
    kept.put("a", b"r", said("x"))
    kept.forget("a")
    assert kept.held == 0
    assert kept.get("a", b"r") is None


def test_the_same_question_again_takes_no_more_room() -> None:
    kept = KeptAnswers()
    kept.put("a", b"q", said("x" * 100))
    before = kept.held
    kept.put("a", b"q", said("x" * 100))
    assert kept.held == before


def always() -> bool:
    return True


def at_once(kept: KeptAnswers, sessions: str, come: Callable[[], Any]) -> tuple[list[Any], int]:
    """What sessions that ask the same at once are told, and how often a run came to `come`."""
    asked: list[int] = []

    def ask() -> Any:
        asked.append(1)
        time.sleep(0.1)
        return come()

    def one(session: str) -> Any:
        try:
            return kept.answer(session, b"q", ask, always)
        except (RunStopped, SandboxBusy) as raised:
            return raised

    with ThreadPoolExecutor(len(sessions)) as pool:
        return list(pool.map(one, sessions)), len(asked)


def test_the_same_question_of_many_is_asked_once() -> None:
    kept = KeptAnswers()
    assert at_once(kept, "abcdefgh", lambda: said("record")) == ([said("record")] * 8, 1)
    assert at_once(kept, "l", lambda: said("another")) == ([said("record")], 0)
    assert kept.held == size(said("record"))
    for session in "abcdefghl":
        assert kept.get(session, b"q") == said("record")
        kept.forget(session)
    assert kept.held == 0


def fails(error: Exception) -> tuple[list[Any], int]:
    """What three sessions that ask at once are told when each run ends so; and the runs."""

    def come() -> None:
        raise error

    return at_once(KeptAnswers(), "abc", come)


def test_an_answer_that_the_clock_cut_is_not_shared() -> None:
    kept = KeptAnswers()
    whole = Surface((), (), (), (), ())
    cut = msgspec.structs.replace(whole, failure=Failure("TimeIsUp", ""))
    assert at_once(kept, "a", lambda: cut) == ([cut], 1)
    assert kept.get("a", b"q") is cut
    assert at_once(kept, "b", lambda: whole) == ([whole], 1)
    assert at_once(kept, "c", lambda: cut) == ([whole], 0)


def test_a_run_that_fails_tells_all_who_wait() -> None:
    told, asked = fails(RunStopped(problem("Too long.", "Shorten it.")))
    assert len(told) == 3
    assert asked == 1


def test_that_one_found_no_place_is_nobody_else_s_answer() -> None:
    told, asked = fails(SandboxBusy(problem("All places are taken.", "Wait.")))
    assert len(told) == 3
    assert asked == 3


def test_who_waits_for_one_that_stands_far_behind_asks_for_himself(monkeypatch) -> None:
    monkeypatch.setattr("viz.page.asking.kept.FOLLOW", 0.1)
    kept = KeptAnswers()
    over = threading.Event()
    first = threading.Thread(
        target=lambda: kept.answer("a", b"q", lambda: over.wait(10) and said("slow"), always)
    )
    first.start()
    assert kept.answer("b", b"q", lambda: said("own"), always) == said("own")
    over.set()
    first.join()
    assert kept.get("b", b"q") in (said("own"), said("slow"))


def test_an_answer_too_large_to_keep_is_still_told_to_who_waited() -> None:
    kept = KeptAnswers(budget=100)
    assert at_once(kept, "ab", lambda: said("x" * 1_000)) == ([said("x" * 1_000)] * 2, 1)
    assert kept.held == 0


def test_a_record_lives_as_long_as_somebody_shows_it() -> None:
    kept = KeptAnswers()
    shown = kept.put("a", b"q", said("x"))
    assert kept.answer("b", b"q", lambda: said("y"), always) is shown
    assert kept.put("c", b"q", said("x")) is shown
    living = weakref.ref(shown)
    del shown
    assert living() is None
    assert kept.get("a", b"q") == said("x")
