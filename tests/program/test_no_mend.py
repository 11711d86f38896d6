"""Every reason for which `viz.program` refuses a text; of those without a mend the reviewed why.

The reasons are read off the sources: whoever adds one adds a text that meets it, and its mend or a
row here.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.program.mending.test_leaving import LEFT
from tests.program.mending.test_translating import PROGRAMS
from tests.program.notation.test_languages import SIGNS, UNSURE
from tests.program.notation.test_languages import WHOLE as LANGUAGES
from tests.program.notation.test_paper import MEANT, TOGETHER
from tests.program.notation.test_paper import UNSURE as UNSURE_ON_PAPER
from tests.program.test_rejected import MENDED, REJECTED, WHOLE
from tests.program.test_slips import ALONE, SLIPS
from viz.errors import ProgramRejected
from viz.program import check
from viz.records import Problem

PROGRAM = Path(__file__).resolve().parents[2] / "viz" / "program"
FURTHER = [
    "try:\n try:\n  try: 1\n  finally: 2\n finally: 2\nfinally: 3",
    "x = [1]\n@x[0]\ndef f(x): return x",
    "".join(f"{' ' * depth}while x:\n" for depth in range(16)) + " " * 16 + "x",
    "try: 1\nexcept* ValueError: 2",
    "class A:\n    def gi_frame(self): pass",
    "x = torch.ones(2)\nx.cuda(async=True)",
    '{"cells": [{"cell_type": "code", "source": ["x = 1"]}], "nbformat": 4, "metadata": {}}',
    "files = !ls\nprint(files)",
    "s = 0\nfor (int i = 0; i < 3; i++) { s += i; }\nprint(s)",
]
"""Texts for reasons that no other table meets."""
ELSEWHERE = {
    "type is not allowed.": "Python 3.12 and later read it",
    "The program has no input named {name}.": "of an input's value, see test_rejected.py",
    "This is a statement, not a value.": "of an input's value",
    "This is not a value.": "of an input's value",
    "This is not a value: it is empty or too long.": "of an input's value",
    "{name} counts or indexes: it takes a whole number.": "of an input's value",
}
"""Reasons that no text for `check` meets, and why."""
_WRONG_ANYWHERE = "it means nothing in any Python, and what was meant is not sure"
_TOO_MUCH = "a limit of size: what may go is for the author to say"
_NOTHING = "nothing is there that could be mended"
NO_MEND = {
    **dict.fromkeys(
        (
            ":= is not allowed at this place of a comprehension.",
            "An argument is given twice.",
            "An except without an exception comes before another except.",
            "No function around this one sets {name}.",
            "Nothing can be unpacked at the place of this star.",
            "Something is missing after {operator}.",
            "The declaration of {name} comes too late, or is outside a function.",
            "There are two stars on the left of one =.",
            "Two operators stand side by side: {first} and {second}.",
            "This case takes everything, and others follow it.",
            "Two parameters have the same name.",
            "break and continue are outside a loop.",
            "yield is outside a function's body.",
            "{name} is the function's own and cannot come from outside as well.",
            "The text holds a character that cannot be shown: {code}.",
            "This is what Python said of an error, and no program.",
        ),
        _WRONG_ANYWHERE,
    ),
    **dict.fromkeys(
        (
            "A name is too long.",
            "The default value of {name} is too long.",
            "The expression has too many names: {count}.",
            "The function has too many parameters.",
            "The program is nested too deeply.",
            "The program is too large.",
            "The program is too long: {length} characters.",
            "The script has too many cells.",
            "Too many ways lead out of a try that has a finally.",
            "Too many blocks are nested within each other.",
            "More than {limit} try statements are nested within each other.",
        ),
        _TOO_MUCH,
    ),
    **dict.fromkeys(("There are only comments here.", "There is nothing here yet."), _NOTHING),
    "{found} does not mean the derivative in Python, nor the transposed matrix.": (
        "nothing typed here means the same; the remedy says what to write"
    ),
    **dict.fromkeys(
        (
            "A case may be a number, a text or a name here.",
            "Bytes are not allowed.",
            "async is not allowed.",
            "await is not allowed.",
            "except* is not allowed.",
            "import * is not allowed.",
            "This decorator is not allowed.",
            "{name} is a module and cannot be used alone here.",
            "{name} is a name of Python's own inner objects.",
            "{name} may not be assigned to.",
        ),
        "it is left out with what needs it, if something else stands beside it (test_leaving.py)",
    ),
    "The parameter {name} can only be given by its name.": "a call may rely on it",
}
"""Reasons whose every text here has no mend when it stands alone, and why."""


def _written(node: ast.AST | None) -> str | None:
    """The text of `N_("…")`."""
    match node:
        case ast.Call(func=ast.Name(id="N_"), args=[ast.Constant(value=str(text))]):
            return text
        case _:
            return None


def _first_texts(tree: ast.AST, constants: dict[str, ast.expr]) -> list[ast.expr]:
    """What stands where a reason stands: first in `problem(…)`, in a row of a table, in a rule."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="problem"), args=[first, *_]):
                found.append(first)
            case ast.Call(func=ast.Name(id="_Foreign"), args=[_, _, third, *_]):
                found.append(third)
            case ast.Yield(value=ast.Tuple(elts=[_, second, _])):
                found.append(second)
            case ast.Dict(values=values):
                found += [
                    each.elts[0] for each in values if isinstance(each, ast.Tuple) and each.elts
                ]
            case ast.Assign(targets=[ast.Name(id="message")], value=value):
                found += [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    return [constants.get(each.id, each) if isinstance(each, ast.Name) else each for each in found]


def reasons() -> set[str]:
    """All reasons that stand in the sources; what is said of programs that run is none."""
    found: set[str] = set()
    for path in PROGRAM.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.name in ("off_graph.py", "derive.py"):
            continue
        constants = {
            node.target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
        }
        constants |= {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        found |= {text for each in _first_texts(tree, constants) if (text := _written(each))}
    return found


@cache
def met() -> list[Problem]:
    """What is said of the texts of all tables."""
    texts = [
        *(each[0] for table in (REJECTED, SIGNS, LEFT, PROGRAMS) for each in table),
        *MENDED, *WHOLE, *UNSURE, *LANGUAGES, *MEANT, *TOGETHER, *UNSURE_ON_PAPER, *FURTHER,
        *SLIPS, *ALONE,
    ]  # fmt: skip
    found = []
    for text in texts:
        try:
            check(text)
        except ProgramRejected as error:
            found.append(error.problem)
    return found


def test_every_reason_is_met_by_a_text_and_has_a_remedy() -> None:
    templates = {each.message.template for each in met()}
    assert reasons() - templates == ELSEWHERE.keys()
    assert all(str(each.remedy) for each in met())


def test_what_has_no_mend_is_reviewed() -> None:
    with_one = {
        each.message.template for each in met() if each.mended or each.replacement is not None
    }
    assert {each.message.template for each in met()} - with_one == NO_MEND.keys()


def test_every_refusal_names_its_place_but_those_of_the_whole() -> None:
    without = {each.message.template for each in met() if each.span is None}
    assert {NO_MEND[each] for each in without - {"This is a notebook's file."}} <= {
        _TOO_MUCH,
        _NOTHING,
    }
