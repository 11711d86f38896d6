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
    "So:\n```text\nx = 2\n```\n```python\nx = 1\nx\n```": (7, 0),
    "So it goes:\n```python\nx = torch.ones(2)\nx\n```\nand ends.": (4, 0),
    "So:\n```python\nx = 1\n````\n*and*:\n```\nx\n```": (7, 0),
    "In [None]:\nx = 1\n\nIn [None]:\nx\n\n1": (5, 0),
    "```\nx = 1\n```\nand then\n```py\nx\n```": (6, 0),
    "    x = torch.ones(2)\n\n    x": (3, 4),
    "\tx = 1\n\tif x:\n\t\tprint(x)\n\tx": (4, 1),
    "    x = 1\n# a remark\n    x": (3, 4),
    "%matplotlib inline\nimport torch\n!pip install torch\nx = 1\nx?\nx": (6, 0),
    "%%time\nx = 1\nx": (3, 0),
    "x = 1\n%time y = x + 1\nx": (3, 0),
    "x = 1\n%timeit -n 10 -r 3 x + 1\nx": (3, 0),
    "%%bash\nls *.py\n# %%\nx = 1\nx": (5, 0),
    "pip install torch\nx = 1\ntorch.*Tensor?\nx": (4, 0),
    "x = 1\nif x > 1:\n    # words\n    !pip install a\n    !pip install b\nx": (6, 0),
    "+import torch\n+x = 1\n+x": (3, 1),
    "diff --git a/f.py b/f.py\n@@ -1,2 +1,2 @@ def f\n x = 1\n-y\n+x": (5, 1),
    "So:\n\n.. code-block:: python\n   :linenos:\n\n   x = 1\n\nthen\n\n.. code::\n\n    x": (
        12,
        4,
    ),
    "It works:\n\n    >>> x = 1\n    >>> x\n    1\n\nand so on.": (4, 8),
    '{\n "cells": [\n  {\n   "cell_type": "markdown",\n   "source": [\n    "# x"\n   ]\n  },\n  {\n'
    '   "cell_type": "code",\n   "outputs": [],\n   "source": [\n    "x = \\"a\\"\\n",\n    "x"\n'
    '   ]\n  }\n ],\n "nbformat": 4\n}': (14, 5),
    "y = 1\nx = y\nx\n\n1\n\nIn [8]:\nx\n\n1": (8, 0),
    " 1 import torch\n 2\n 3 def f(x):\n 4     return x\n 5 f(2)": (5, 3),
    "9: for k in range(2):\n10:     x = k\n11: # a remark\n12: x": (4, 3),
    "%load_ext autoreload\n%autoreload 2\n?print\nx = 1\nx": (5, 0),
    # what a page's box of code says above it
    "python\nCopy code\nx = 1\nx": (4, 0),
    "Copy\n\nx = 1\nx": (4, 0),
    "python\n\nx = 1  # python\nx": (4, 0),
    # blanks that only look like blanks, and what nobody sees
    "\ufefffor x in (1,):\n\u00a0\u00a0\u00a0\u00a0y\u00a0= x\n\u200bx": (3, 0),
    # a docstring's prompts are its own
    '%matplotlib inline\nx = 1\ndef f(x):\n    """A.\n\n    >>> f(1)\n    """\n    return x\nx': (
        9,
        0,
    ),
    # a remark right below a head may stand at any depth
    "%matplotlib inline\nif x := 1:\n      # a remark\n    x\nx": (5, 0),
    # a notebook runs a cell that is indented as a whole
    "In [1]:\nx = 1\n\nIn [2]:\n    y = [x,\n         2]\n    x": (7, 0),
    # what a fence of no name has shown, beside fences of Python
    "```python\nx = 1\n```\nOutput:\n```\ntensor(5.) tensor(1.)\n```\n```\n3\n```\n```py\nx\n```": (
        12,
        0,
    ),
}


COPIED = """In [1]:
import torch

x = torch.ones(2)
x

tensor([1., 1.])

# A heading

Words of the next paragraph

In [2]:
def f(x):

    return x * 2

y = f(x)
print(y)
tensor([2., 2.], grad_fn=<MulBackward0>)
In [3]:
print(3 > 2)

True

(tensor([1.]), torch.Size([2]))

3
In [4]:

3
Out[4]:
3"""
"""A notebook as a page shows it: prompts stand alone, what was shown stands below the code."""


def test_below_a_prompt_stands_the_code_until_what_it_showed() -> None:
    code = only_code(COPIED)
    kept = [line for line in code.split("\n") if line and not line.startswith("#")]
    assert kept == [
        *("import torch", "x = torch.ones(2)", "x"),
        *("def f(x):", "    return x * 2", "y = f(x)", "print(y)", "print(3 > 2)", "3"),
    ]
    assert code.count("\n") == COPIED.count("\n")
    program = check(COPIED)
    assert [span.line for span in program.cells] == [1, 13, 21, 29]
    assert program.notes[0].details["lines"] == "7, 9, 11, 20, 24, 26, 28, 32, 33"


OF_A_PAGE = """        # A tour of it
        Short, runnable code: run each cell.

In [1]:
x = 1
print('so:', x)


so: 1


        ## Scalars
        With `y = x**2 + 2x`, dy/dx = `2x + 2`.

In [None]:
        y = [x,
             2]
        y
"""


def test_words_around_cells_are_passed_over_however_deep_they_stand() -> None:
    kept = [line for line in only_code(OF_A_PAGE).split("\n") if line.strip()]
    assert kept == ["x = 1", "print('so:', x)", "# %%", "y = [x,", "     2]", "y"]


NOT_LOST = {
    "In [1]:\nx = 1\n\nprint x": ["x = 1", "print x"],  # no code of a later cell is passed over
    "In [1]:\nx = 1\ny = 2x\nz = 3": ["x = 1", "y = 2x", "z = 3"],
    "In [1]:\nw = 1.0\nprint('w =', w)\n\nw = 1.0\n\nIn [2]:\nw": [
        "w = 1.0",
        "print('w =', w)",
        "w",
    ],
    "In [1]:\nw = 1.0\n\nw = 2.0\n\nIn [2]:\nw": ["w = 1.0", "w = 2.0", "w"],
    "In [1]:\n%matplotlib inline\nx = 1\n\nx": ["x = 1", "x"],
    "In [1]:\nprint(f't = {t}, {u}')\n\nt = 1, 2 = 3\n\nIn [2]:\nt": [
        "print(f't = {t}, {u}')",
        "t",
    ],
    "In [1]:\nw = x\nprint(f'w: {w}')\n\nw: tensor([1.])\nw + 1\n\nIn [2]:\nw": [
        "w = x",
        "print(f'w: {w}')",
        "w: tensor([1.])",
        "w + 1",
        "w",
    ],
    "In [1]:\nprint(f'w: {w}')\nprint(f'v: {v}')\nw: tensor([1.], requires_grad=True)\n"
    "v: tensor(2., grad_fn=<A>)\n\nIn [2]:\nw": ["print(f'w: {w}')", "print(f'v: {v}')", "w"],
    "In [1]:\nprint('Round:', k)\nprint('a = ', a, '|', 'b = ', b)\n\nRound: 1\na =  2 | b =  3\n"
    "---\n\nIn [2]:\na": ["print('Round:', k)", "print('a = ', a, '|', 'b = ', b)", "a"],
    "In [1]:\nd.backward()\na.grad\n\ntensor(4.)\n\n```text\na --\n```\nd = a · b\n\n∂d/∂a\n\n"
    "In [2]:\na": ["d.backward()", "a.grad", "a"],
    "In [1]:\nfrom torch import tensor\n\ntensor(1.).exp()\n\nIn [2]:\nx": [
        "from torch import tensor",
        "tensor(1.).exp()",
        "x",
    ],
    "In [1]:\nn.state_dict()\n\nOrderedDict([('w', tensor([1.]))])\n\nIn [2]:\nx": [
        "n.state_dict()",
        "x",
    ],
    "In [1]:\ndevice = torch.device('cpu')\ndevice\n\ndevice(type='cpu')\n\nIn [2]:\nx": [
        "device = torch.device('cpu')",
        "device",
        "x",
    ],
    "In [1]:\nn\n\nLinear(in_features=2, out_features=1, bias=True)\n\nIn [2]:\nx": ["n", "x"],
    "In [1]:\nprint('f_x')\nprint(f_x)\n\nf_x\ntensor([3.], grad_fn=<A>)\n\nIn [2]:\nx": [
        "print('f_x')",
        "print(f_x)",
        "x",
    ],
    "In [1]:\nprint('w =', w)\n\nw = w - 1\n\nIn [2]:\nw": ["print('w =', w)", "w = w - 1", "w"],
    "In [1]:\nprint('w =', w)\nx = 1\nw = 2x\n\nIn [2]:\nw": [
        "print('w =', w)",
        "x = 1",
        "w = 2x",
        "w",
    ],
    "In [1]:\nx = 2\nx\n2.5 s ± 1": ["x = 2", "x"],
}


@pytest.mark.parametrize("source", NOT_LOST)
def test_code_below_a_prompt_is_never_taken_for_what_was_shown(source: str) -> None:
    kept = [line for line in only_code(source).split("\n") if line and "%%" not in line]
    assert kept == NOT_LOST[source]


def test_what_a_prompt_showed_begins_another_cell() -> None:
    assert only_code(">>> x = 1\n>>> x\n1\n>>> x + 1\n2").split("\n")[2] == "# %%"
    many = "".join(f">>> {number}\n{number}\n" for number in range(150))
    assert "%%" not in only_code(many)
    assert len(check("# In[1]:\nx = 1\nx\n# In[2]:\n\nx").cells) == 2


def test_a_word_that_the_program_uses_is_no_label() -> None:
    assert only_code("python = 1\nx = python") == "python = 1\nx = python"
    assert check("py\nCopy code\nx = 1").notes[0].details["lines"] == "1, 2"
    assert check("python\npython = 2").source == "python\npython = 2"


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


def test_a_command_that_was_all_of_a_block_leaves_pass() -> None:
    program = check("if True:\n    !wget a\nx = torch.ones(2)")
    assert program.source == "if True:\n    pass\nx = torch.ones(2)"
    assert [str(each) for each in program.notes] == ["Skipped, because it is not code: line 2."]


def test_cells_of_a_notebook_s_file_keep_their_lines() -> None:
    head = '{\n "cells": [\n'
    cell = '  {\n   "cell_type": "code",\n   "source": [\n    "x = %s\\n",\n    "x"\n   ]\n  }'
    program = check(head + cell % 1 + ",\n" + cell % 2 + '\n ],\n "nbformat": 4\n}')
    assert [span.line for span in program.cells] == [1, 11]


def test_a_file_in_one_line_has_its_cells_as_mend() -> None:
    with pytest.raises(ProgramRejected) as caught:
        check('{"cells": [{"cell_type": "code", "source": ["x = 1\\n", "x"]}]}')
    assert caught.value.problem.mended == "# %%\nx = 1\nx"


def test_cells_may_be_marked_as_jupytext_marks_them() -> None:
    assert len(check("# +\nx = 1\nx\n# -\n\n# + tags=['a']\nx").cells) == 2
    assert len(check("x = 1\n# + one more\nx").cells) == 1


def test_words_of_old_and_of_a_shell_are_told() -> None:
    with pytest.raises(ProgramRejected) as caught:
        check("x = torch.ones(2).cuda(async=True)\nx.cuda(async=True)")
    assert caught.value.problem.mended == (
        "x = torch.ones(2).cuda(non_blocking=True)\nx.cuda(non_blocking=True)"
    )
    with pytest.raises(ProgramRejected, match="no shell here that could run !ls"):
        check("files = !ls\nprint(files)")
