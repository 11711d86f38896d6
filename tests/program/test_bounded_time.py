"""Checking any text of the greatest length ends soon: a stranger's link must not freeze the page.

Processor time of this process, so that a busy machine fails no honest text. All pairs of the table
are tried with `HOSTILE=full`; the short form tries each atom alone and in a fixed choice of pairs.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from viz.errors import ExplorerError
from viz.program import check, check_gradient, check_input
from viz.program.allowlist.words import words
from viz.records import MAX_SOURCE, MAX_TYPED

LONGEST = 0.3
"""Seconds of processor time."""
ATOMS = [
    *words(
        "0 _ ( [ { ) ' # | + - * = : ; , . @ % ! ^ ~ ? $ √ × ， é 9 0_ 1__ 2x 1e 1. 0x 0b 0o9 x x."
        " x( x[ x: x= (x) [x] |x| x| =x a, _x é́ ** // << <> := ''' == -> f(x)= f'{ {x} ... ```"
    ),
    *[
        '"',
        '"""',
        "\\",
        "'\\",
        "\\\n",
        "x ",
        " ",
        "\t",
        "\n",
        "\r",
        "\f",
        "\n ",
        "\n    ",
        "\u200b",
    ],
    *["await ", "for x in ", "lambda ", "def f(", "if ", "else ", "not ", ">>> ", "... ", "%m\n"],
    *["In [1]: ", "!p\n", "class A:", "\u200b"],
]
FULL = os.environ.get("HOSTILE") == "full"


def pairs() -> Iterator[tuple[str, str]]:
    every = itertools.product(ATOMS, ATOMS)
    yield from every if FULL else itertools.islice(every, 0, None, 37)


def texts(first: str, second: str) -> Iterator[str]:
    """One after the other, and in turns, up to the greatest length."""
    half = MAX_SOURCE // 2
    yield first * (half // len(first)) + second * (half // len(second))
    yield (first + second) * (MAX_SOURCE // len(first + second))


def seconds(text: str) -> float:
    before = time.process_time()
    with suppress(ExplorerError):
        check(text)
    return time.process_time() - before


def test_any_pair_of_atoms() -> None:
    slow = {}
    for first, second in [*((atom, atom) for atom in ATOMS), *pairs()]:
        for text in texts(first, second):
            taken = min(seconds(text), seconds(text)) if seconds(text) > LONGEST else 0.0
            if taken > LONGEST:
                slow[first, second] = taken
    assert slow == {}


@pytest.mark.parametrize(
    "text",
    [
        "0_" * 10_000,
        " " * 19_000 + "x y",
        "_" * 19_000 + " +",
        "x " * 9_000 + "y",
        "'\\" * 5_000 + "|" * 10_000,
        "0" * 20_000,
        "|x" * 10_000,
        "f(x) = " + " " * 19_000 + "^",
    ],
)
def test_texts_that_took_seconds(text: str) -> None:
    assert min(seconds(text) for _ in range(2)) < LONGEST


@pytest.mark.parametrize("atom", ATOMS)
def test_inputs_and_gradients(atom: str) -> None:
    program = check("x*2")
    text = atom * (MAX_TYPED // len(atom))

    def asked() -> float:
        before = time.process_time()
        for ask in (lambda: check_input("x", text, program), lambda: check_gradient(text)):
            with suppress(ExplorerError):
                ask()
        return time.process_time() - before

    # a rubbish collection of the whole suite's objects may fall into one of them, not into each
    assert min(asked() for _ in range(3)) < LONGEST
