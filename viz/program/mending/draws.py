"""Random numbers: whether those that a program draws may be others without what is left out.

`may_shift(lines, left_out, tree)` looks at the text that is left, its comments, and its tree: what
draws in a line that is left out moves all later draws, up to the next seed. On the safe side: a
function or class that draws somewhere counts wherever it is called.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Final

from viz.program.allowlist.words import words
from viz.program.syntax.tree import SyntaxTree

_DRAWING: Final = frozenset(
    words(
        "rand randn randint randperm rand_like randn_like randint_like normal uniform bernoulli"
        " multinomial poisson shuffle choice choices sample rsample permutation permuted random"
        " gauss randrange random_sample random_integers standard_normal binomial exponential"
        " multivariate_normal normal_ uniform_ bernoulli_ random_ exponential_ trunc_normal_"
        " xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_ orthogonal_ sparse_"
        " reset_parameters random_split DataLoader dropout dropout1d dropout2d dropout3d"
        " alpha_dropout gumbel_softmax rrelu"
    )
)
_LAYERS: Final = re.compile(
    r"Linear|Lazy\w+|Bilinear|(?:Conv|ConvTranspose)[123]d|Embedding(?:Bag)?|(?:RNN|LSTM|GRU)(?:Cell)?"
    r"|MultiheadAttention|Transformer\w*|\w*Dropout\w*|RReLU|PReLU|Random\w+"
)
_SEEDS: Final = frozenset(words("manual_seed manual_seed_all seed set_seed seed_everything"))
_CALLED: Final = re.compile(r"([^\W\d]\w{0,80})[ \t]*\(")
_DEFINED: Final = re.compile(r"#[ \t]*(?:class|def)[ \t]+(\w{1,80})")


def may_shift(lines: Sequence[str], left_out: set[int], tree: SyntaxTree) -> bool:
    """Whether something is drawn behind a line that is left out and may have drawn as well."""
    own = _own(tree)
    lost = {each[1] for number in left_out if (each := _DEFINED.search(lines[number - 1]))}
    events = [(number, "moved") for number in left_out if _draws(lines[number - 1], lost | own)]
    for node in tree.nodes:
        if isinstance(node, ast.Call) and (name := _name(node)) is not None:
            if name in _SEEDS:
                events.append((node.lineno, "seeded"))
            elif _is_drawing(name) or name in own:
                events.append((node.lineno, "drawn"))
    moved = False
    for _, event in sorted(events, key=lambda each: each[0]):
        if event == "drawn" and moved:
            return True
        moved = event == "moved" or (moved and event != "seeded")
    return False


def _own(tree: SyntaxTree) -> frozenset[str]:
    """The program's own functions and classes in which something is drawn."""
    calls = {
        node: {_name(each) for each in ast.walk(node) if isinstance(each, ast.Call)}
        for node in tree.nodes
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    found: set[str | None] = set()
    while more := {
        node.name
        for node, names in calls.items()
        if node.name not in found
        and any(each in found or _is_drawing(each or "") for each in names)
    }:
        found |= more
    return frozenset(each for each in found if each is not None)


def _draws(line: str, own: set[str] | frozenset[str]) -> bool:
    """Whether a line that is left out calls something that draws, or one of these."""
    if _DEFINED.search(line):
        return False
    return any(_is_drawing(name) or name in own for name in _CALLED.findall(line))


def _is_drawing(name: str) -> bool:
    return name in _DRAWING or _LAYERS.fullmatch(name) is not None


def _name(node: ast.Call) -> str | None:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None
