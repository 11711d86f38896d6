"""What people paste runs: printed texts and shown values are those of plain Python and torch.

Each program runs in a child of a warm sandbox, and all of them once in one plain process.
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.supervisor import Forking

BLOCKS = (Path(__file__).parent / "pasted.txt").read_text().rstrip().split("\n---\n")
PROGRAMS = {title: source for title, _, source in (block.partition("\n") for block in BLOCKS)}
PLAIN = """
import ast, contextlib, io, json, os, sys, warnings
import torch, torch.distributions, torch.utils.data, torch.utils.checkpoint
torch.set_num_threads(1)

def printed(source):
    body = ast.parse(source).body
    last = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None
    names = {"__name__": "__main__"}
    text = io.StringIO()
    with contextlib.redirect_stdout(text), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(ast.Module(body, []), "<program>", "exec"), names)
        value = None if last is None else eval(compile(last, "<program>", "eval"), names)
        if value is not None:
            print(repr(value))
    return text.getvalue()

for source in json.load(sys.stdin):
    read, write = os.pipe()
    if os.fork() == 0:
        torch.manual_seed(0)
        with os.fdopen(write, "w") as answer:
            answer.write(printed(source))
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        print(json.dumps(answer.read()))
    os.wait()
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    limits = Limits(soft=8.0, notice=9.0, hard=10.0, places=1).fitted()
    with Sandbox.over(Forking(limits)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def plain() -> dict[str, str]:
    """What each prints and shows in a Python of its own, forked from one that has torch."""
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PLAIN],
        input=json.dumps(list(PROGRAMS.values())),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    return dict(zip(PROGRAMS, map(json.loads, answer.stdout.splitlines()), strict=True))


def test_there_are_many_kinds_and_each_stands_once():
    assert len(PROGRAMS) == len(BLOCKS) >= 120
    assert all(ast.parse(source) for source in PROGRAMS.values())


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_program_shows_what_plain_torch_shows(sandbox, plain, title):
    trace = sandbox.trace(PROGRAMS[title])
    (cell,) = trace.cells
    assert cell.failure is None
    shown = "" if cell.shown is None else cell.shown + "\n"
    assert plain[title]
    assert without_warnings(cell.printed) + shown == plain[title]


def without_warnings(printed: str) -> str:
    """The text without what Python would write elsewhere."""
    lines = printed.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("UserWarning", "Consider using")))
