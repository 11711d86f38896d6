"""What people paste runs: printed texts, shown values, gradients, the operations of each backward
pass and plotted points are those of plain Python and torch.

Each program runs in a child of a warm sandbox, and all of them once in one plain process.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.programs.agreement import assert_agrees, shown_elsewhere
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.supervisor import Forking

BLOCKS = (Path(__file__).parent / "pasted.txt").read_text().rstrip().split("\n---\n")
PROGRAMS = {title: source for title, _, source in (block.partition("\n") for block in BLOCKS)}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    limits = Limits(soft=8.0, notice=9.0, hard=10.0, places=1).fitted()
    with Sandbox.over(Forking(limits)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> dict[str, Any]:
    """What each shows in a Python of its own."""
    shown = shown_elsewhere([*PROGRAMS.values()], tmp_path_factory.mktemp("plain"))
    return dict(zip(PROGRAMS, shown, strict=True))


def test_there_are_many_kinds_and_each_stands_once():
    assert len(PROGRAMS) == len(BLOCKS) >= 255
    assert all(ast.parse(source) for source in PROGRAMS.values())


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_program_shows_what_plain_torch_shows(sandbox, plain, title):
    assert_agrees(sandbox.trace(PROGRAMS[title]), plain[title])
