"""Slips around the words of a function: `return: x`, `def f x:`, `f(x):`, `if x => 0:`.

`head(line)` gives where such a slip stands in a line that Python cannot read, what is meant there,
and what is wrong.
"""

from __future__ import annotations

import re
from typing import Final

from viz.errors import N_
from viz.program.slips.inside import LONGEST, SlipWithin

_NAME: Final = r"[^\W\d]\w{0,40}"
_GIVEN: Final = rf"{_NAME}(?:[ ]?,[ ]?{_NAME}){{0,9}}"
_RETURNED: Final = re.compile(
    r"[ \t]*(?:.*:[ \t]*)?\b(?P<slip>return[ \t]*(?::=|->|[:=])[ \t]*)(?=[\w(-])"
)
_UNBRACKETED: Final = re.compile(
    rf"[ \t]*(?P<slip>def[ \t]+(?P<name>{_NAME})[ \t]+(?P<given>{_GIVEN})[ \t]*):"
)
_UNNAMED: Final = re.compile(rf"[ \t]*(?P<slip>def[ \t]*)\((?:{_GIVEN})?\)[ \t]*:")
_UNDEFINED: Final = re.compile(
    rf"[ \t]*(?P<slip>(?:(?:func|fun|fn|define|function)[ \t]+)?(?P<name>{_NAME}))"
    rf"\([^()]{{0,120}}\)[ \t]*:"
)
_NO_COLON: Final = re.compile(
    rf"[ \t]*def[ \t]+{_NAME}\([^()]{{0,120}}\)(?P<slip>[ \t]+)(?=return\b)"
)
_ORDER: Final = re.compile(r"(?<![=<>!])(?P<slip>=(?P<sign>[<>]))(?![=<>])")
_COMPARES: Final = re.compile(r"[ \t]*(?:if|elif|while|assert|return)\b")
_HALF: Final = re.compile(
    rf"(?<![\w.])(?P<name>{_NAME}(?:\[\d\])?)[ \t]*(?:[<>]=?|[=!]=)[ \t]*[-+\w.]{{1,40}}[ \t]+"
    rf"(?:and|or)[ \t]+(?P<slip>(?=[<>]))"
)


def head(line: str) -> SlipWithin | None:
    """The slip that a line has, if it is one of these."""
    if len(line) > LONGEST or "#" in line:
        return None
    if found := _RETURNED.match(line):
        return SlipWithin(*found.span("slip"), "return ", _BEHIND_RETURN)
    if found := _UNBRACKETED.match(line):
        meant = f"def {found['name']}({found['given']})"
        return SlipWithin(*found.span("slip"), meant, _IN_BRACKETS)
    if found := _UNNAMED.match(line):
        return SlipWithin(*found.span("slip"), "def f", _NO_NAME)
    if found := _NO_COLON.match(line):
        return SlipWithin(*found.span("slip"), ": ", _COLON)
    if (found := _UNDEFINED.match(line)) and found["name"] not in _WORDS:
        return SlipWithin(*found.span("slip"), f"def {found['name']}", _NO_DEF)
    if _COMPARES.match(line):
        if found := _ORDER.search(line):
            return SlipWithin(*found.span("slip"), f"{found['sign']}=", _TURNED)
        if found := _HALF.search(line):
            return SlipWithin(*found.span("slip"), f"{found['name']} ", _ONE_SIDE)
    return None


_WORDS: Final = frozenset(
    ("if", "elif", "while", "for", "with", "except", "return", "lambda", "match", "case", "class")
)
_BEHIND_RETURN: Final = N_("Behind return stands its value, and no sign between them.")
_IN_BRACKETS: Final = N_("What a function takes stands in round brackets.")
_NO_NAME: Final = N_("A function has a name behind def.")
_NO_DEF: Final = N_("A function of your own begins with def.")
_COLON: Final = N_("A colon stands behind what a function takes.")
_TURNED: Final = N_("In a comparison the = comes last.")
_ONE_SIDE: Final = N_("Each comparison has a name or a number on both sides.")
