"""Known names that look like an unknown one.

`nearest(name, candidates)` is the candidate that looks most like a name; `Lookalikes` looks for
each name once in a check, and for no more than there is time for.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from itertools import chain
from typing import Final

from viz.program.allowlist.words import words
from viz.program.slips.spelling import slips
from viz.records import MAX_NAME

ALIKE: Final = 0.72
"""How alike two names are at least, by difflib's measure."""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that looks most like a name, `None` if none does."""
    found = difflib.get_close_matches(name[:MAX_NAME], sorted(candidates), n=1, cutoff=ALIKE)
    return found[0] if found else None


OF_THEIR_OWN: Final = frozenset(
    words("gamma beta erfi erfcinv si ci ei li gd hav acot asec acsc acoth asech acsch fma rad tri")
)
"""Functions of mathematics that torch does not have under these names: no other one mistyped."""
MOST_COMPARED: Final = 2_000_000
"""Pairs of letters that one check compares, in about 0.05 s: enough for some hundred unknown names.
Of further ones none looks like another.
"""


MOST_LOOKED_INTO: Final = 300
"""Unknown names whose meaning one check looks for; further ones that are left to the run anyway
are left as they are.
"""


class Lookalikes:
    """The known names that unknown ones look like, each looked for once in a check."""

    def __init__(self) -> None:
        self._left = MOST_COMPARED
        self._looked_into = 0
        self._known: dict[str, dict[int, list[str]]] = {}  # of each kind, by their length
        self._found: dict[tuple[str, str], str | None] = {}

    def had_enough(self) -> bool:
        """Counts one more unknown name; whether it is one too many to be looked into."""
        self._looked_into += 1
        return self._looked_into > MOST_LOOKED_INTO

    def nearest(self, name: str, kind: str, candidates: Callable[[], Iterable[str]]) -> str | None:
        """The candidate of a kind that looks most like a name, the name itself aside."""
        name = name[:MAX_NAME]
        if (kind, name) not in self._found:
            if kind not in self._known:
                self._known[kind] = {}
                for each in set(candidates()):
                    self._known[kind].setdefault(len(each), []).append(each)
            self._found[kind, name] = self._looked_for(name, self._known[kind])
        return self._found[kind, name]

    def _looked_for(self, name: str, known: dict[int, list[str]]) -> str | None:
        own = len(name)
        self._left -= own * sum(length * len(names) for length, names in known.items())
        if self._left <= 0:
            return None
        alike = (
            names
            for length, names in known.items()
            if 2 * min(own, length) >= ALIKE * (own + length)  # no others can be so much alike
        )
        return nearest(name, (each for each in chain.from_iterable(alike) if each != name))

    def mistyped(self, name: str, places: list[Container[str]]) -> str | None:
        """The known name whose letters were swapped, doubled or put in the wrong case: too short a
        slip in a short name for `nearest`. Of several places the first that knows one."""
        variants = dict.fromkeys(_variants(name[:MAX_NAME]))
        self._left -= len(variants) * len(places)
        if self._left <= 0:
            return None
        return next((each for place in places for each in variants if each in place), None)

    def swapped(self, name: str, known: Callable[[], Collection[str]]) -> str | None:
        """The known name that a name is with two neighbours changed: `grad` of `gard`."""
        places = range(len(name := name[:MAX_NAME]) - 1)
        swapped = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in places} - {name}
        names = known() if self._left > 0 else ()
        self._left -= len(name) + len(names)
        found = sorted(swapped.intersection(names))
        return found[0] if len(found) == 1 else None

    def close_to(self, name: str, kind: str, candidates: Callable[[], Iterable[str]]) -> str | None:
        """The nearest if it is a slip of the fingers away: one in four letters at most."""
        if name in OF_THEIR_OWN:
            return None
        found = self.nearest(name, kind, candidates)
        near = found is not None and slips(name[:MAX_NAME], found) <= max(1, len(name) // 4)
        return found if near else None


def _variants(name: str) -> Iterator[str]:
    """What may have been meant by a name: one of two alike left out, two neighbours changed. In
    this order: `siin` has an i too many, though `isin` is a name as well.
    """
    places = range(len(name) - 1)
    yield from (name[:at] + name[at + 1 :] for at in places if name[at] == name[at + 1])
    yield from (name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in places)
    yield from (each for each in (name.lower(), name.upper()) if each != name)
