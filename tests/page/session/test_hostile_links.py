"""Links of strangers: whatever one says, the page reads it within a second and 64 MB, and has a
word for what it could not read. No process runs here: only what the page itself does with a link.
"""

from __future__ import annotations

import time
import tracemalloc
from random import Random
from urllib.parse import parse_qs, quote

import pytest

from tests.page.opening import opened, said
from viz.errors import ExplorerError
from viz.page.asking.answers import Traced, checked_texts
from viz.page.session.links import LONGEST, MOST_TOLD, packed, view_of
from viz.page.session.state import Session, link, linked
from viz.page.writing.messages import notices_of
from viz.program import check
from viz.records import MAX_SOURCE

SECONDS = 1.0
BYTES = 64_000_000

DIGITS = "9" * 5_000
MARKS = "\u202e\u2066\u200f\u061c"  # from right to left
PROGRAMS = {
    "digits with underscores": "0_" * 10_000,
    "blanks and two names": " " * 19_000 + "x y",
    "underscores and a plus": "_" * 19_000 + " +",
    "a number of 5,000 digits": DIGITS,
    "a power of such numbers": f"{DIGITS}**{DIGITS}",
    "brackets": "(" * 9_000 + "x" + ")" * 9_000,
    "lists": "[" * 9_000,
    "minus signs": "-" * 19_000 + "x",
    "lambdas": "lambda:" * 2_800 + "x",
    "trys": "".join(" " * n + "try:\n" for n in range(190)),
    "ifs": "x if x else " * 1_600 + "x",
    "attributes": "x" + ".y" * 9_000,
    "a format's braces": "f'" + "{" * 9_000 + "'",
    "commas": "x" + ",x" * 9_900,
    "comparisons": "x" + "<x" * 9_900,
    "names": " + ".join(f"x{n}" for n in range(2_000)),
    "marks from right to left": f"x{MARKS} + {MARKS}y",
    "nothing": "\0",
    "nothing in the middle": "x + \0 y",
    "half a character": "x + '\ud800'",
    "line ends": "\r\n\r\x85\u2028" * 4_000,
    "quotes": "'\\" * 9_900,
    "markup": "</textarea><script>alert(1)</script><svg onload=alert(1)>",
    "what cannot be read": "\ufffe\uffff\U0010ffff" * 6_000,
    "too long": "x" * (MAX_SOURCE + 1),
    "roots": "√" * 19_999,
    "bars": "|x" * 9_999,
}
QUERIES = {
    **{f"f: {name}": f"f={quote(text, errors='replace')}" for name, text in PROGRAMS.items()},
    **{
        f"z: {name}": f"z={packed(text.encode('utf-8', 'replace').decode())}"
        for name, text in PROGRAMS.items()
    },
    **{
        f"an input: {name}": f"f=x%2B1&in.x={quote(text[:1_000], errors='replace')}"
        for name, text in PROGRAMS.items()
    },
    **{
        f"{parameter}: 5,000 digits": f"{parameter}={DIGITS}"
        for parameter in ("seed", "step", "order", "graph", "from", "to", "digits", "rate", "reach")
    },
    **{
        f"{parameter}: zeros before it": f"{parameter}={'0' * 5_000}1"
        for parameter in ("seed", "step", "order", "graph", "digits")
    },
    "z: a bomb": f"z={packed('x' * 30_000_000)}",
    "z: letters": "z=" + "0_" * 10_000,
    "z: blanks and two names": "z=" + "+" * 19_000 + "x+y",
    "z: underscores": "z=" + "_" * 19_000 + "+%2B",
    "z: two million letters": "z=" + "A" * 2_000_000,
    "a million commas": "open=" + "," * 1_000_000 + "&tools=" + "," * 1_000_000,
    "a walk of a million places": "walk=" + "1," * 1_000_000,
    "10,000 folds": "open=" + ",".join(f"n{n}*" for n in range(10_000)),
    "one fold 10,000 times": "open=" + ",".join(["n1*"] * 10_000),
    "a fold of 5,000 digits": f"open=n{DIGITS}*",
    "5,000 parameters": "&".join(f"p{n}=1" for n in range(5_000)),
    "5,000 inputs": "&".join(f"in.x{n}=1" for n in range(5_000)),
    "5,000 inputs that are none": "&".join(f"in.{n}=1" for n in range(5_000)),
    "one parameter 5,000 times": "&".join(["seed=1"] * 5_000),
    "a name of 50,000 letters": "in." + "x" * 50_000 + "=1",
    "halves of characters": "f=%ED%A0%80&in.x=%ED%A0%80&in.%ED%A0%80=1&lang=%ff",
    "nothing at all": "f=%00&z=%00&seed=%00&in.%00=%00",
    "steps beyond all": f"step={2**62}&seed={2**62}",
    "points that are no numbers": "walk=nan,nan&from=nan&to=inf&rate=nan&reach=-inf",
    "a range without end": "from=-1e308&to=1e308",
    "a range of nothing": "from=1&to=1",
    "tools that do not exist": "tools=hammer,saw,__class__",
    "names that do not exist": "tab=__init__&lang=..&lesson=../../etc/passwd",
    "numbers in other scripts": "seed=٣&order=²&step=१&digits=五",
    "marks from right to left": f"lesson={quote(MARKS)}&of={quote(MARKS)}&along={quote(MARKS)}",
    "names as places": "of=[999999999999,0]&along=x[0,-1]&over=x|x|x",
    "markup": "of=<script>&along=\"'><img>&over=<b>&lesson=<i>&gradient=<u>",
}  # fmt: skip


def parameters(query: str) -> dict[str, str]:
    """What the page finds in its address: of a repeated parameter the last."""
    return {name: texts[-1] for name, texts in parse_qs(query, keep_blank_values=True).items()}


def read(query: str) -> str:
    """All that the page does with a link before anything runs; what it says of it."""
    view, problems = linked(parameters(query))
    program = problem = None
    try:
        program = check(view.source)
        checked_texts(view, program)
    except ExplorerError as error:
        problem = error.problem
    now = Session(view, problems)
    told = "".join(notice.markup() for notice in notices_of(now, Traced(program, None, problem)))
    again = link(view, tuple(input.name for input in program.inputs) if program else ())
    assert linked(again)[0].source == view.source
    return told


@pytest.mark.parametrize("name", QUERIES)
def test_a_link_is_read_within_its_bounds(name: str) -> None:
    query = QUERIES[name]
    tracemalloc.start()
    try:
        told = read(query)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < BYTES
    assert len(told) < 20_000
    assert "<script" not in told
    before = time.process_time()
    read(query)
    assert time.process_time() - before < SECONDS


WORDS = {
    "z: a bomb": "too long",
    "z: letters": "not a compressed program",
    "a million commas": "longer than any value",
    "10,000 folds": "parts of a picture",
    "seed: 5,000 digits": "whole number",
    "seed: zeros before it": "whole number",
    "points that are no numbers": "finite number",
    "tools that do not exist": "one of its choices",
    "5,000 inputs that are none": "not the text of an input",
    "f: blanks and two names": "unexpected indent",
}


@pytest.mark.parametrize("name", WORDS)
def test_there_is_a_word_for_it(name: str) -> None:
    assert WORDS[name] in read(QUERIES[name])


def test_of_thousands_of_faults_a_few_are_told() -> None:
    assert len(linked(parameters(QUERIES["5,000 inputs that are none"]))[1]) == MOST_TOLD


def test_a_parameter_of_greatest_length_is_read() -> None:
    random = Random(1)
    source = "".join(chr(random.randrange(0x10000, 0x10FFFF)) for _ in range(MAX_SOURCE))
    view, problems = view_of({"z": packed(source)})
    assert problems == ()
    assert view.source == source
    assert len(packed(source)) < LONGEST


@pytest.mark.usefixtures("sandbox_ends")
@pytest.mark.parametrize(
    "name",
    [
        "f: digits with underscores",
        "z: half a character",
        "5,000 inputs that are none",
        "halves of characters",
        "seed: zeros before it",
        "markup",
        "10,000 folds",
    ],
)
def test_the_page_opens(name: str) -> None:
    assert said(opened(**parameters(QUERIES[name])))
