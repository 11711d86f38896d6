"""What programs show in a Python of their own, and that a trace shows the same."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from viz.records import Mark, Plot, Trace

WARNING = re.compile(r"^UserWarning: .*\n(  File .*\n|Consider using .*\n)*", re.M)
"""What Python would write elsewhere."""
PLAIN = (Path(__file__).parent / "plain.py").read_text()
"""What runs programs in one plain process, each in a fork of its own."""


def shown_elsewhere(sources: Sequence[str], folder: Path) -> list[dict[str, Any]]:
    """What each shows in a fork of one Python that has torch; some save files into the folder."""
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PLAIN],
        input=json.dumps(list(sources)),
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        cwd=folder,
    )
    return [json.loads(line) for line in answer.stdout.splitlines()]


def assert_agrees(trace: Trace, there: dict[str, Any]) -> None:
    """Printed text, the last value, gradients, the operations of each pass, plotted points."""
    (cell,) = trace.cells
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
