"""The inputs' texts: what the fields show of what was typed there, and what the editor's text says.

`as_read` gives a text as it is read, `unless_given` the texts that a newly typed program leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from viz.errors import InputRejected, ProgramRejected
from viz.program import read, read_input
from viz.program.inputs.kinds import given_starts
from viz.program.inputs.values import as_value
from viz.records import Program


def as_read(name: str, text: str, program: Program | None) -> str:
    """An input's text in Python's signs, where it is read: the field shows then what was read."""
    if program is None or (text.isascii() and as_value(text, name) is None):
        return text
    try:
        return read_input(name, text, program)
    except InputRejected:
        return text


Offered = Mapping[str, tuple[str, frozenset[str]]]
"""By input: a start that the page offered and somebody took, and the program's inputs then."""


def unless_given(
    texts: Mapping[str, str], source: str, before: Program | None, offered: Offered
) -> Mapping[str, str]:
    """The texts without those for which a program that was just typed gives another start than the
    one `before`, what was said last counts; and without those that the page itself has chosen, as
    the start of the one before or for inputs that are no longer all there.
    """
    if not texts:
        return texts
    try:
        program = read(source)
    except ProgramRejected:
        return texts
    known = {} if before is None else given_starts(before)
    gone = {name for name, _ in given_starts(program).items() - known.items()}
    own = {} if before is None else {each.name: each.start for each in before.inputs}
    names = {each.name for each in program.inputs}
    for each in program.inputs:
        text, together = offered.get(each.name, ("", frozenset()))
        chosen = texts.get(each.name) in (own.get(each.name), text if together - names else None)
        if each.name in texts and chosen and each.start != texts[each.name]:
            gone.add(each.name)
    return MappingProxyType({name: text for name, text in texts.items() if name not in gone})
