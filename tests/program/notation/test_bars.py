"""Bars as on paper: read as they are meant, or refused; never as something else."""

from __future__ import annotations

import random
import time

import pytest

from viz.errors import ProgramRejected
from viz.program import check, read
from viz.program.notation.bars import pairs, unbarred

MEANT = {
    "|x|+|y|": "abs(x)+abs(y)",
    "|x-1| + |x+1|": "abs(x-1) + abs(x+1)",
    "|x||y|": "abs(x)*abs(y)",
    "|x| |y| |z|": "abs(x)*abs(y)*abs(z)",
    "x|y|": "x*abs(y)",
    "3|x|+2|y|": "3*abs(x)+2*abs(y)",
    "||x|-1|": "abs(abs(x)-1)",
    "|2|x|-1|": "abs(2*abs(x)-1)",
    "|x - |y||": "abs(x - abs(y))",
    "||x|-|y||": "abs(abs(x)-abs(y))",
    "max(|x|,|y|)": "max(abs(x),abs(y))",
    "(|x|+1)(|x|-1)": "(abs(x)+1)*(abs(x)-1)",
    "sin|x| + |y|": "sin(abs(x)) + abs(y)",
    "√|x|": "sqrt(abs(x))",
    "e^(-|x|)": "e**(-abs(x))",
    "f(x)=|x|+|x-1|": "def f(x): return abs(x)+abs(x-1)",
}


@pytest.mark.parametrize("text", MEANT)
def test_what_has_one_reading_is_read(text: str) -> None:
    assert read(text).source == MEANT[text]


UNSURE = ["|a|b|c|", "||x||", "|x|y|", "1/2|x|", "1/|x||y|", "1/(x+1)|x|", "|x, y| + 1|"]


@pytest.mark.parametrize("text", UNSURE)
def test_what_has_several_is_refused_without_a_mend(text: str) -> None:
    with pytest.raises(ProgramRejected) as caught:
        read(text)
    problem = caught.value.problem
    whole = problem.mended
    if whole is None and problem.replacement is not None and problem.span is not None:
        whole = problem.span.replaced([text], problem.replacement)
    if whole is not None:  # one mend of several: what it leaves is refused as well
        with pytest.raises(ProgramRejected):
            check(whole)


def test_in_a_program_one_click_mends_them_all() -> None:
    with pytest.raises(ProgramRejected) as caught:
        read("def f(x, y):\n    return x|y| if |x| > 1 else 2|y|")
    meant = "def f(x, y):\n    return x*abs(y) if abs(x) > 1 else 2*abs(y)"
    assert caught.value.problem.mended == meant


def written(drawn: random.Random, depth: int) -> tuple[str, float]:
    """An expression as on paper, and its value, known without reading it."""
    kind = drawn.choice(
        ["number", "number", "bars", "bars", "sum", "product"][: 2 + 4 * (depth > 0)]
    )
    if kind == "number":
        number = drawn.randint(1, 9)
        return str(number), float(number)
    text, value = written(drawn, depth - 1)
    if kind == "bars":
        return f"|{text}|", abs(value)
    other, second = written(drawn, depth - 1)
    if kind == "sum":
        return f"{text}-{second_of(other)}", value - second
    return f"({text})*({other})", value * second


def second_of(text: str) -> str:
    return f"({text})" if "-" in text else text


def test_no_reading_changes_a_meaning() -> None:
    """Whatever is read of bars that stand for a known value comes to this value."""
    drawn = random.Random(3)
    read_at_all = 0
    for _ in range(400):
        text, value = written(drawn, 4)
        if (code := unbarred(text)) is not None:
            read_at_all += "|" in text
            assert eval(code, {"abs": abs}) == value, text  # noqa: S307 - written right here
    assert read_at_all > 150


@pytest.mark.parametrize("text", ["x|" * 16, "|x" * 8 + "|" * 8, "|" * 400, "|x|" * 5 + "y" * 300])
def test_many_bars_take_no_time(text: str) -> None:
    begun = time.process_time()
    pairs(text)
    assert time.process_time() - begun < 0.5
