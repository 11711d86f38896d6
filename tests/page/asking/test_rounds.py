"""What is shown of a run's rounds while one waits for it."""

from __future__ import annotations

import threading
from typing import Any, cast

import pytest

from viz.page.asking.rounds import said, telling
from viz.page.session.language import speak


class Place:
    def __init__(self) -> None:
        self.written: list[str] = []
        self.first = threading.Event()

    def html(self, text: str) -> None:
        self.written.append(text)
        self.first.set()


def test_the_rounds_are_written_until_the_answer_is_there() -> None:
    place = Place()
    speak("zh")
    with telling(cast(Any, place)) as hear:
        assert hear is not None
        hear(1_200, 2_000)
        assert place.first.wait(10)
    assert place.written[0] == "<p>第 1,200 轮，共 2,000 轮……</p>"
    assert not [thread for thread in threading.enumerate() if thread.name == "rounds"]


def test_nobody_hears_where_there_is_no_place() -> None:
    with telling(None) as hear:
        assert hear is None


@pytest.mark.parametrize(
    ("rounds", "words"), [((3, 0), "Round 3 …"), ((1_000, 9_999), "Round 1,000 of 9,999 …")]
)
def test_the_length_is_told_where_it_is_known(rounds: tuple[int, int], words: str) -> None:
    speak("en")
    assert said(*rounds) == words
