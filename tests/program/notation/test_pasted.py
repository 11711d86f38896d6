"""What is copied with prompts, outputs, fences and commands runs, each place as it was typed."""

from __future__ import annotations

import ast

import pytest

from viz.errors import ProgramRejected
from viz.program import check
from viz.program.notation.pasted import only_code
from viz.trees import parse

PASTED = {
    ">>> import torch\n>>> x = torch.ones(2)\n>>> x\ntensor([1., 1.])": (3, 4),
    ">>> for k in range(2):\n...     print(k)\n...\n0\n1\n>>> k": (6, 4),
    "In [1]: x = torch.ones(2)\n   ...: y = x * 2\n\nIn [2]: y\nOut[2]: tensor([2., 2.])": (4, 8),
    "In [9]: x = 1\n\nIn [10]: x": (3, 8),
    "So it goes:\n```python\nx = torch.ones(2)\nx\n```\nand ends.": (4, 0),
    "```\nx = 1\n```\nand then\n```py\nx\n```": (6, 0),
    "    x = torch.ones(2)\n\n    x": (3, 4),
    "\tx = 1\n\tif x:\n\t\tprint(x)\n\tx": (4, 1),
    "    x = 1\n# a remark\n    x": (3, 4),
    "%matplotlib inline\nimport torch\n!pip install torch\nx = 1\nx?\nx": (6, 0),
    "%%time\nx = 1\nx": (3, 0),
    "x = 1\n%time y = x + 1\nx": (3, 0),
    "%load_ext autoreload\n%autoreload 2\n?print\nx = 1\nx": (5, 0),
}


@pytest.mark.parametrize("source", PASTED)
def test_what_is_pasted_is_a_script_whose_places_are_those_of_the_text(source: str) -> None:
    program = check(source)
    assert program.kind == "script"
    assert program.source.count("\n") == source.count("\n")
    last = parse(program.source).body[-1]
    assert isinstance(last, ast.Expr)
    assert (last.lineno, last.col_offset) == PASTED[source]


@pytest.mark.parametrize("source", ["x = 1\nx", "", "def f(x):\n    '>>> f(1)'\n    return x"])
def test_code_without_such_signs_stays_as_it_is(source: str) -> None:
    assert only_code(source) == source


def test_a_timed_statement_runs() -> None:
    assert only_code("%time y = 1") == "if 1: y = 1"
    assert only_code("  %timeit y") == "  if 1:   y"


def test_an_error_within_is_told_where_it_stands() -> None:
    with pytest.raises(ProgramRejected) as caught:
        check(">>> x = 1\n>>> y = sinn(x)")
    assert caught.value.problem.span is not None
    assert (caught.value.problem.span.line, caught.value.problem.span.column) == (2, 8)


LONE = ["3", "print(torch.ones(2))", "3 + 4", "'text'", "[1, 2]"]


@pytest.mark.parametrize("source", LONE)
def test_a_lone_value_is_a_script(source: str) -> None:
    assert check(source).kind == "script"


def test_an_expression_with_a_leaf_of_its_own_stays_one() -> None:
    assert check("torch.ones(2, requires_grad=True).sum()").kind == "expression"
    assert check("nn.Linear(2, 1)(torch.ones(2))").kind == "expression"
