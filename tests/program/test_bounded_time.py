"""Checking any text of the greatest length ends soon: a stranger's link must not freeze the page.

Processor time of this process, and what lasts too long is tried again beside what Python itself
takes then for a plain program: a busy machine, or one that has become slow, fails no honest text.
All pairs of the table are tried with `HOSTILE=full`; the short form tries each atom alone and in a
fixed choice of pairs.
"""

from __future__ import annotations

import ast
import itertools
import os
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

import pytest

from viz.errors import ExplorerError, ProgramRejected
from viz.page.graph.script import as_script
from viz.program import check, check_gradient, check_input
from viz.program.allowlist.words import words
from viz.program.names.lookalikes import MOST_LOOKED_INTO
from viz.program.offered import offered
from viz.records import MAX_SOURCE, MAX_TYPED
from viz.trees import TYPED_FILE

LONGEST = 0.3
"""Seconds of processor time, where Python takes `PYTHONS` to read and write `PLAIN`."""
PLAIN = "y = torch.sin(x) * x**2 + 3\n" * (MAX_SOURCE // 28)
PYTHONS = 0.025
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
    *["In [1]: ", "In [1]:\n", "\n\n", "!p\n", "class A:", "\u200b"],
]
LINES = [
    *words(
        "x a=1 a{i}=1 a+=1 x.a x.a=1 f(x) x.sin() x[0] y{i}=x q{i}=u{i} u{i} u{i}() u{i}.b x.c{i}"
    ),
    *["global a", "global a{i}", "nonlocal a", "a:int=1", "a{i}:int=1", "del a", "return x"],
    *[
        "if x: pass",
        "for a{i} in x: pass",
        "while x: break",
        "with torch.no_grad(): x=1",
        "lambda: x",
    ],
    *["def f{i}(): pass", "class A{i}: pass", "import math", "from math import sin as s{i}"],
    *["[a{i} for a{i} in x]", "(lambda a: a)(x)", "(y{i}:=1)", "f'{x}'", "self.a{i}=1", "@a"],
    *["x" * 70 + "{i}", "x" * 70 + "{i}=" + "y" * 70 + "{i}", "x.sin().cos()", "x in x", "x; x"],
]
"""Statements; `{i}` is another number each time."""
PLACES = {
    "at the top": ("", ""),
    "in a method": ("class A:\n def f(self):\n", "  "),
    "in an inner function": ("def g():\n a=1\n def f():\n", "  "),
}
MEETS = "r=nn.ReLU()\nm=nn.Linear(3,2)\na=torch.ones(3)\ndef f(x):\n"
OFTEN = "def g(f):\n" + " f+1\n" * 1200 + " return f()\n"
"""A long function that calls what it is given."""
HANDS = "".join(
    f"def {name}(f, g=1):\n" + f" {other}(f, f)\n" * 150 + " return f\n"
    for name, other in ("dx", "cd", "bc")
)
"""Functions that hand on what they are given, again and again."""
CHAINS = [
    ("def d(f): return f\n", "@d\n", "", "def f(x): return x"),
    ("def d(f): return f\n", "@d\n", "", "class A: pass"),
    ("def f():\n global ", "a{i}", ",", ""),
    ("match x:\n", " case {i}: pass\n", "", ""),
    ("try: pass\n", "except ValueError: pass\n", "", ""),
    ("if x: pass\n", "elif x: pass\n", "", ""),
    ("[x ", "for a{i} in x ", "", "]"),
    ("f(", "a{i}=1", ",", ")"),
    ("", "import numppy as np\nnp.ones(2)\n", "", ""),
    ("", "import a.b\na.b.c\n", "", ""),
    ("", "如果 x 且 x：\n    返回 x 的平方\n", "", ""),
    ("", "如果" + " x" * 190 + "\n", "", ""),
    ("", "d(x)/dx = grad(x)\n", "", ""),
    ("d(", "(x)", "", ")/dx"),
    ("", "∛", "", "x"),
    ("", "⌊x", "", "⌋"),
    ("Σ", "∑x", "", ""),
    ("", "x +* ", "", "2"),
    ("", "class A{i}(nn.module): pass\n", "", ""),
    ("", "a{i} = nn.linear(1, 1)\n", "", ""),
    ("", "a.shape = 1, {i}\n", "", ""),
    ("", "from math import *\nsin(x)\n", "", ""),
    ("class A(", "B{i}", ",", "): pass"),
    ("with ", "x as a{i}", ",", ": pass"),
    (MEETS, " nn.ReLU()(x)\n", "", " return x"),
    (HANDS + "def a(f):\n", " b(f)\n", "", " return f"),
    (HANDS + "def a(f):\n", " b(f, f)\n", "", " return f"),
    (MEETS, " y=r(x)\n", "", " return x"),
    (MEETS, " a=a+a\n", "", " return x@a"),
    (MEETS, " y=x@a\n", "", " return x"),
    (MEETS, " z=m(x)\n", "", " return x"),
]
"""What a single statement may repeat: what stands before, the part, between two, behind."""
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
        offered(check(text))
    return time.process_time() - before


def pace() -> float:
    """How many times as long as agreed everything takes at the moment; at least 1."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        ast.unparse(ast.parse(PLAIN))
        taken.append(time.process_time() - before)
    return max(min(taken) / PYTHONS, 1.0)


def is_slow(text: str, taken: Callable[[str], float] = seconds) -> bool:
    """Whether it takes too long each time: once the collector may have come between."""
    return taken(text) > LONGEST and all(taken(text) > LONGEST * pace() for _ in range(3))


def test_any_pair_of_atoms() -> None:
    every = [*((atom, atom) for atom in ATOMS), *pairs()]
    assert [two for two in every if any(is_slow(text) for text in texts(*two))] == []


@pytest.mark.parametrize(
    "text",
    [
        "0_" * 10_000,
        "'\\" * 5_000 + "lambda " * 1_428,
        " " * 19_000 + "x y",
        "_" * 19_000 + " +",
        "x " * 9_000 + "y",
        "'\\" * 5_000 + "|" * 10_000,
        "0" * 20_000,
        "|x" * 10_000,
        "f(x) = " + " " * 19_000 + "^",
        "f(a\n" * 5_000,
        "x = [1, 2\n" + "y = 3\n" * 3_000,
        "torch.cat([" + "x," * 9_900 + "])",
        "torch.einsum('" + "a," * 4_900 + "'," + "x," * 4_901 + ")",
        OFTEN + "".join(f"def f{i}(x): return g(x)\n" for i in range(500)),
        "from torch import *\n" + OFTEN + "g(x)\n" * 300,
        "class A:\n a=[" + "1," * 4_000 + "]\nm=A()\ndef f(x):\n" + " m(x)\n" * 1_400 + " return x",
    ],
)
def test_texts_that_took_seconds(text: str) -> None:
    assert not is_slow(text)


def repeated(before: str, part: str, between: str, behind: str) -> str:
    """A text of nearly the greatest length."""
    room = MAX_SOURCE - len(before) - len(behind)
    parts = [part.replace("{i}", str(i)) for i in range(room // (len(part) + len(between)))]
    while sum(map(len, parts)) + len(between) * len(parts) > room:
        parts = parts[: len(parts) * 9 // 10]
    return before + between.join(parts) + behind


LONG: Final = "0x" + "f" * 4_200
"""A number that Python reads and does not write."""


@pytest.mark.parametrize("text", [f"setattr(x, {LONG}, 1)", f"x * {LONG}", f"x[{LONG}]"])
def test_a_number_too_long_to_write_is_no_trouble(text: str) -> None:
    assert LONG in as_script(check(text), {})


@pytest.mark.parametrize("start", [LONG, f"[{LONG},\n1]"])
def test_a_start_value_too_long_to_write_is_refused(start: str) -> None:
    with pytest.raises(ProgramRejected) as caught:
        check(f"def f(x={start}): return x")
    assert caught.value.problem.message.template == "The default value of {name} is too long."


@pytest.mark.parametrize("place", PLACES)
def test_any_statement_again_and_again(place: str) -> None:
    before, indent = PLACES[place]
    lines = {line: repeated(before, f"{indent}{line}\n", "", "") for line in LINES}
    assert [line for line, text in lines.items() if is_slow(text)] == []


def test_any_part_of_a_statement_again_and_again() -> None:
    assert [chain for chain in CHAINS if is_slow(repeated(*chain))] == []


@pytest.mark.parametrize("atom", ATOMS)
def test_inputs_and_gradients(atom: str) -> None:
    program = check("x*2")
    text = atom * (MAX_TYPED // len(atom))

    def asked(text: str) -> float:
        before = time.process_time()
        for ask in (lambda: check_input("x", text, program), lambda: check_gradient(text)):
            with suppress(ExplorerError):
                ask()
        return time.process_time() - before

    assert not is_slow(text, asked)


@pytest.mark.parametrize("line", ["open('a')", "x.__globals__", "x.gi_frame", "eval('1')"])
def test_what_is_never_allowed_is_found_behind_any_number_of_unknown_names(line: str) -> None:
    unknown = "".join(f"    u{i}.b\n" for i in range(MOST_LOOKED_INTO))
    check(f"def g():\n{unknown}\nx = 1\n")
    with pytest.raises(ProgramRejected) as caught:
        check(f"def g():\n{unknown}    {line}\nx = 1\n")
    span = caught.value.problem.span
    assert span is not None
    assert span.line == MOST_LOOKED_INTO + 2


def test_what_python_thinks_of_a_text_is_no_matter_for_the_log() -> None:
    with warnings.catch_warnings(record=True) as told, suppress(ExplorerError):
        warnings.simplefilter("always")
        check("1or " * 20 + "x +")
    # what is said of this file is filtered (`viz.trees`)
    assert {each.filename for each in told} == {TYPED_FILE}
