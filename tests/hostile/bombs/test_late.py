"""Typed code that never ends at odd moments: closed, shown, compared, when the run is over."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.hostile.bombs.conftest import SHORT
from tests.hostile.bombs.test_bombs import IN_TIME, Answered, _patiently, _words
from tests.hostile.corpus import blocks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

MOMENTS = blocks("bombs/late.txt")
LOOPS = {
    "for ever": ["while True: pass"],
    "swallowing every error": [
        "while True:",
        "    try:",
        "        while True: pass",
        "    except:",
        "        pass",
    ],
}
LATE = [(moment, loop) for moment in MOMENTS for loop in LOOPS]


def _source(moment: str, loop: str) -> str:
    lines = []
    for line in MOMENTS[moment].splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        inside = [indent + each for each in LOOPS[loop]]
        lines += inside if line.strip() == "LOOP" else [line]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def answers(everything_on) -> dict[tuple[str, str], Answered]:
    """Every program asked, as many at a time as there are places."""

    def asked(key: tuple[str, str]) -> Answered:
        began = time.monotonic()
        words = _words(lambda: everything_on.trace(_source(*key)))
        return Answered(words, time.monotonic() - began)

    with ThreadPoolExecutor(SHORT.places) as pool:
        answered = dict(zip(LATE, pool.map(asked, LATE), strict=True))
    late = [key for key, answer in answered.items() if answer.seconds >= IN_TIME]
    return answered | {
        key: _patiently(lambda key=key: everything_on.trace(_source(*key))) for key in late
    }


def test_there_are_many_moments():
    assert len(LATE) >= 80


@pytest.mark.parametrize(("moment", "loop"), LATE)
def test_what_never_ends_is_answered_in_time(answers, moment, loop):
    answer = answers[moment, loop]
    assert answer.seconds < IN_TIME
    assert "explorer itself failed" not in answer.words
    assert "Traceback" not in answer.words
    if "generator" not in moment:  # one may be left open when the answer is written already
        assert answer.words, "it cannot have gone well"


def test_a_good_job_is_served_after_all_of_them(answers, everything_on):
    assert answers
    assert everything_on.trace("x * x", {"x": "3"}).value.values == (9.0,)
