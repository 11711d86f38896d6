"""Any text at all gives a program or a `ProgramRejected`, and what is accepted also compiles.

Compiling is the independent oracle for the errors that only a compiler finds; it happens in these
tests only.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from viz.errors import InputRejected, ProgramRejected
from viz.program import check, check_gradient, check_input
from viz.program.allowlist.words import words
from viz.records import MAX_SOURCE, Problem, Program
from viz.trees import parse

pytestmark = [
    pytest.mark.filterwarnings("ignore:invalid escape sequence"),
    pytest.mark.filterwarnings("ignore:.*invalid (decimal|hexadecimal|octal|binary|imaginary)"),
]

SCRIPTS = (Path(__file__).parent / "accepted_scripts.txt").read_text().split("\n=====\n")
TOKENS = [
    *words("x y f torch sin math plt nn F e pi import from as def class return lambda if else for"),
    *words("in while break continue with try except finally raise assert del global nonlocal pass"),
    *words("not and or is yield await async match case None True 0 1.5 1e3 'a' f'{x}' b'a' __x__"),
    *words(
        "+ - * ** / // % @ & | ^ ~ << >> < > == != <= = += := , . ; : ( ) [ ] { } -> ! ... # \\"
    ),
    *words("grad backward sum out= dim= device= *x **x print( range(3) torch.sin( x.grad"),
    "\n",
    "\n    ",
    "\n        ",
    " ",
    "\t",
    "# %%\n",
    "损失",
    "，",
    "\u00a0",
    "\x00",
    "\ud800",
    "ſ",
]


def outcome(source: str) -> Program | None:
    """The program, checked against the compiler; `None` for a rejection, which must be complete."""
    try:
        program = check(source)
    except ProgramRejected as error:
        problem = error.problem
        assert str(problem.message)
        assert str(problem.remedy)
        sent = msgspec.msgpack.encode(problem)  # fits the record's limits
        assert msgspec.msgpack.decode(sent, type=Problem) == problem
        if problem.span is not None:
            lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            assert problem.span.line <= problem.span.end_line <= len(lines)
            assert problem.span.column <= len(lines[problem.span.line - 1])
        return None
    # what is accepted fits the record's limits, and its start values pass as inputs' texts
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(program), type=Program) == program
    for each in program.inputs:
        check_input(each.name, each.start, program)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(parse(program.source), "<program>", "exec", dont_inherit=True)
    return program


@given(st.text(max_size=200))
@example("\\")
@example("'''")
@example("\f")
@example("x\r\ry")
@example("\ufeffx")
@example("0x" + "f" * 5_000)
@example("9" * 5_000)
@example("f'{x:{y:{z:{w}}}}'")
@example("a" + ".b" * 300)
@example("f(" * 300)
@example("{" * 300 + ":")
@example("x if " * 300)
@example("not " * 3_000)
@example("lambda: " * 2_000 + "1")
@example("[" * 49 + "]" * 49)
@example("if 1:\n" + "".join(" " * depth + "if 1:\n" for depth in range(1, 99)) + " " * 99 + "1")
@example("(yield)")
@example("x: (yield) = 1")
@example("def f(x=(y := 1)): return x")
@example("print(*(yield))")
@example("for x[0] in [1]: pass")
@example("with 1 as (a, *b): pass")
@example("[*x for x in y]")
@example("del (x), [y]")
@example("x = yield = 1")
@example("import torch.nn.functional.relu")
@example("from torch import nn as __builtins__")
@example("try:\n 1\nexcept* ValueError:\n 1")
@example("lambda *, a: 1")
@example("'\\N{LATIN SMALL LETTER A}'")
@example("'\\N{nonsense}'")
def test_any_text_is_answered(text: str) -> None:
    outcome(text)


@given(st.lists(st.sampled_from(TOKENS), max_size=40))
@settings(max_examples=600)
def test_any_row_of_words_is_answered(tokens: list[str]) -> None:
    outcome(" ".join(tokens))


@given(st.sampled_from(SCRIPTS), st.integers(0, 10**9))
@settings(max_examples=400)
def test_good_programs_with_mistakes_are_answered(script: str, seed: int) -> None:
    draw = random.Random(seed)
    text = list(script)
    for _ in range(draw.randint(1, 5)):
        place = draw.randrange(len(text) + 1)
        match draw.randrange(3):
            case 0:
                text[place:place] = draw.choice(TOKENS)
            case 1:
                del text[place : place + draw.randint(1, 8)]
            case _:
                text[place : place + 3] = draw.choice(TOKENS)
    outcome("".join(text))


@given(st.text(max_size=60) | st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join))
@settings(max_examples=300)
def test_any_text_of_an_input_is_answered(text: str) -> None:
    program = check("def f(x, n: int = 2): return x[n]")
    for call in (
        lambda: check_input("x", text, program),
        lambda: check_input("n", text, program),
        lambda: check_input(text, "1", program),
        lambda: check_gradient(text),
    ):
        found = answer(call)
        assert found
        sent = msgspec.msgpack.encode(found)
        assert msgspec.msgpack.decode(sent, type=str | Problem) == found


def answer(call: Callable[[], str]) -> str | Problem:
    """The checked text, or why there is none."""
    try:
        return call()
    except InputRejected as error:
        return error.problem


BOMBS = [
    "x" * MAX_SOURCE,
    "(" * MAX_SOURCE,
    "-" * MAX_SOURCE,
    "not " * (MAX_SOURCE // 4),
    "x+" * (MAX_SOURCE // 2 - 1) + "x",
    "x," * (MAX_SOURCE // 2),
    "x." * (MAX_SOURCE // 2 - 1) + "x",
    "x=" * (MAX_SOURCE // 2 - 1) + "1",
    "x;" * (MAX_SOURCE // 2),
    "\n".join(["x=1"] * (MAX_SOURCE // 4)),
    "{" * MAX_SOURCE + ":",
    "[{(" * (MAX_SOURCE // 3),
    "lambda:" * (MAX_SOURCE // 7) + "1",
    "x if x else " * (MAX_SOURCE // 12) + "x",
    "'" * MAX_SOURCE,
    "'''\"\"\"" * (MAX_SOURCE // 6),
    "f'{" * (MAX_SOURCE // 3),
    "\\\n" * (MAX_SOURCE // 2),
    "#%%\n" * (MAX_SOURCE // 4),
    "qwertz" + "(qwertz" * 45 + ")" * 45 + "\nqwerty" * 2_000,
    "".join(f"a{n}={'z' * 70}{n}\n" for n in range(200)),
    "def f(x):\n" + "".join(f" v{n}=x\n" for n in range(2_000)) + " return x",
    "f(" + "a=1," * 4_000 + ")",
    "1" * 4_000 + "+" + "0x" + "f" * 10_000,
]


@pytest.mark.parametrize("bomb", BOMBS, ids=[repr(bomb[:20]) for bomb in BOMBS])
def test_a_long_text_is_answered(bomb: str) -> None:
    outcome(bomb[:MAX_SOURCE])
