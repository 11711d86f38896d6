"""What people paste runs: printed texts, shown values, gradients, the operations of each backward
pass and plotted points are those of plain Python and torch.

Each program runs in a child of a warm sandbox, and all of them once in one plain process.
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from viz.records import Mark, Plot, Trace
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.supervisor import Forking

WARNING = re.compile(r"^UserWarning: .*\n(  File .*\n|Consider using .*\n)*", re.M)
"""What Python would write elsewhere."""
BLOCKS = (Path(__file__).parent / "pasted.txt").read_text().rstrip().split("\n---\n")
PROGRAMS = {title: source for title, _, source in (block.partition("\n") for block in BLOCKS)}
PLAIN = (Path(__file__).parent / "plain.py").read_text()
"""What runs programs in one plain process, each in a fork of its own."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    limits = Limits(soft=8.0, notice=9.0, hard=10.0, places=1).fitted()
    with Sandbox.over(Forking(limits)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> dict[str, Any]:
    """What each shows in a Python of its own, forked from one that has torch."""
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PLAIN],
        input=json.dumps(list(PROGRAMS.values())),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        cwd=tmp_path_factory.mktemp("plain"),  # some save files
    )
    return dict(zip(PROGRAMS, map(json.loads, answer.stdout.splitlines()), strict=True))


def test_there_are_many_kinds_and_each_stands_once():
    assert len(PROGRAMS) == len(BLOCKS) >= 240
    assert all(ast.parse(source) for source in PROGRAMS.values())


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_program_shows_what_plain_torch_shows(sandbox, plain, title):
    trace = sandbox.trace(PROGRAMS[title])
    (cell,) = trace.cells
    there = plain[title]
    assert cell.failure is None
    shown = "" if cell.shown is None else cell.shown + "\n"
    assert there["text"] or there["points"]
    assert WARNING.sub("", cell.printed) + shown == there["text"]
    for name, gradient in there["gradients"].items():
        if (mine := trace.gradients.get(name)) is not None and mine.values is not None:
            assert [*mine.values] == pytest.approx(gradient, rel=1e-5, abs=1e-7, nan_ok=True), name
    if there["passes"] is not None and not (trace.truncated or trace.rounds):
        assert operations(trace) == there["passes"]
    points = [[*mark.x, *mark.y] for each in cell.plots for mark in marks(each)]
    assert [*chain(*points)] == pytest.approx([*chain(*there["points"])], rel=1e-5, abs=1e-6)


def operations(trace: Trace) -> list[list[str]]:
    """The operations of each backward pass that a program asked for by `backward`, sorted."""
    by_id = {node.id: node for node in trace.nodes}
    return [
        sorted(by_id[step.node].op for step in each.steps if by_id[step.node].kind != "leaf")
        for each in trace.passes
        if each.kind == "backward"
    ]


def marks(plot: Plot) -> Iterator[Mark]:
    """The lines, points and bars of a plot."""
    kinds = ("line", "scatter", "bar")
    return (mark for area in plot.axes for mark in area.marks if mark.kind in kinds)
