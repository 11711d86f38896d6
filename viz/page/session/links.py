"""Links: a `View` as query parameters, and back.

```
?f=sin(x)*x**2&in.x=1.5&order=2&lang=zh&present=1
```

Only what differs from the default is written; a long source is written compressed, as `z`. Links
come from strangers: `view_of` never raises, bounds what it reads and unpacks, and answers a
`Problem` for each parameter that it could not read and left at its default, up to `MOST_TOLD`.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, cast

from viz.drawing.display import MOST_DIGITS, SHOWN
from viz.errors import N_, problem
from viz.lessons import KEYS, TABS
from viz.lessons.practice import is_exercise
from viz.page.components.graph import SPEEDS
from viz.page.session.language import LANGUAGES
from viz.page.session.sights import Sight, fits
from viz.page.session.view import (
    MOST_DEPTH,
    MOST_OPENED,
    MOST_STEPS,
    MOST_WALKED,
    RATES,
    REACHES,
    TOOLS,
    View,
)
from viz.records import (
    MAX_GRAPH_ORDER,
    MAX_INPUTS,
    MAX_NAME,
    MAX_ORDER,
    MAX_SEED,
    MAX_SOURCE,
    MAX_TYPED,
    Problem,
)

LONG: Final = 600
"""Characters of source from which a link is compressed."""
INPUT: Final = "in."
LONGEST: Final = 8 * MAX_SOURCE
"""Characters of one parameter; the longest program has fewer, even where nothing compresses it."""
MOST_TOLD: Final = 10
"""Parameters that could not be read, of which a visitor is told one by one."""
MOST_PARTS: Final = 40
"""Lessons and exercises of one quiz."""
OWN: Final = "own"
"""The key of a lesson of somebody's own, whose text the link brings along."""
FARTHEST: Final = 1e8
"""Pixels from a picture's corner at which nobody looks any more."""
FOLD: Final = re.compile(r"n[0-9]{1,6}(?:[+*]|~[0-9]{1,6})?")
"""What a reader may have opened in a picture, as `viz.drawing.folding.fold` names it."""


class Unreadable(ValueError):
    """A parameter's text does not say what the parameter may say; the message says what may."""


def packed(source: str) -> str:
    """The source, compressed, in letters that a link may hold."""
    return base64.urlsafe_b64encode(zlib.compress(source.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> str:
    """The source that `packed` made this of; never more than `MAX_SOURCE` characters."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        stream = zlib.decompressobj()
        source = stream.decompress(raw, 4 * MAX_SOURCE + 1).decode()
    except (binascii.Error, zlib.error, ValueError) as error:
        raise Unreadable(N_("It is not a compressed program: copy the whole link.")) from error
    if not stream.eof:
        raise Unreadable(N_("It is cut off, or its program is too long: copy the whole link."))
    return source_of(source)


def source_of(text: str) -> str:
    if len(text) > MAX_SOURCE:
        raise Unreadable(N_("A program may have at most 20,000 characters."))
    return text


def clean(text: str) -> str:
    """The text with one kind of line end, and without halves of characters."""
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode()


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers within bounds."""

    def read(text: str) -> int:
        plain = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if not plain or not least <= int(text) <= most:
            raise Unreadable(N_("It must be a whole number within its limits."))
        return int(text)

    return read


def finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise Unreadable(N_("It must be a number.")) from error
    if not math.isfinite(number):
        raise Unreadable(N_("It must be a finite number."))
    return number


def one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise Unreadable(N_("It is not one of its choices."))
        return text

    return read


def flag(text: str) -> bool:
    return one_of("0", "1")(text) == "1"


def short(text: str) -> str:
    if len(text) > MAX_TYPED:
        raise Unreadable(N_("It is too long: at most 1,000 characters."))
    return text


def name(text: str) -> str:
    if len(text) > MAX_NAME:
        raise Unreadable(N_("It is too long: at most 160 characters."))
    return text


def some_of(*choices: str) -> Callable[[str], frozenset[str]]:
    def read(text: str) -> frozenset[str]:
        return frozenset(one_of(*choices)(part) for part in text.split(",") if part)

    return read


def number_of(choices: tuple[float, ...]) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = finite(text)
        if number not in choices:
            raise Unreadable(N_("It is not one of its choices."))
        return number

    return read


def place_of(text: str) -> tuple[float, ...]:
    place = tuple(finite(part) for part in text.split(","))
    if len(place) != 2:
        raise Unreadable(N_("It must be two numbers with a comma between."))
    return place


def look_of(text: str) -> tuple[float, ...]:
    """The point of a picture that is in the middle, and the scale."""
    look = tuple(finite(part) for part in text.split(","))
    if len(look) != 3 or max(look) > FARTHEST or min(look) < -FARTHEST or look[2] <= 0:
        raise Unreadable(N_("It must be a place in the picture and how large it is."))
    return look


def sights_of(text: str) -> tuple[Sight, ...]:
    """How the figures are looked at, as `viz.page.session.sights` says."""
    found = {}
    for part in text.split(";")[:MOST_TOLD]:
        key, _colon, numbers = part.partition(":")
        found[key] = tuple(finite(each) for each in numbers.split(",")[:MOST_TOLD])
        if not fits(key, found[key]) or max(map(abs, found[key])) > FARTHEST:
            raise Unreadable(N_("It does not say how a figure is looked at."))
    return tuple(sorted(found.items()))


def card_of(text: str) -> str:
    if not FOLD.fullmatch(text):
        raise Unreadable(N_("It does not name parts of a picture."))
    return text


def opened_of(text: str) -> frozenset[str]:
    names = text.split(",")
    if len(names) > MOST_OPENED or not all(map(FOLD.fullmatch, names)):
        raise Unreadable(N_("It does not name parts of a picture."))
    return frozenset(names)


def lesson_of(text: str) -> str:
    if text not in KEYS and text != OWN and not is_exercise(text):
        raise Unreadable(N_("There is no lesson of this name."))
    return text


def quiz_of(text: str) -> tuple[str, ...]:
    keys = tuple(short(text).split(","))
    known = all(key in KEYS or is_exercise(key) for key in keys)
    if not known or len(set(keys)) != len(keys) or len(keys) > MOST_PARTS:
        raise Unreadable(N_("It must name lessons and exercises of this course, each once."))
    return keys


# parameter → field of the view, reader
VIEW: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = MappingProxyType(
    {
        "f": ("source", source_of),
        "z": ("source", unpacked),
        "seed": ("seed", whole(0, MAX_SEED)),
        "order": ("order", whole(0, MAX_ORDER)),
        "graph": ("graph_order", whole(1, MAX_GRAPH_ORDER)),
        "gradient": ("gradient", short),
        "along": ("along", name),
        "over": ("over", name),
        "of": ("of", name),
        "from": ("start", finite),
        "to": ("stop", finite),
        "g": ("second", source_of),
        "tab": ("tab", one_of(*TABS)),
        "lang": ("language", one_of(*LANGUAGES)),
        "lesson": ("lesson", lesson_of),
        "own": ("own", unpacked),
        "quiz": ("quiz", quiz_of),
        "present": ("present", flag),
        "embed": ("embed", flag),
        "ask": ("ask", flag),
        "step": ("step", whole(0, MOST_STEPS)),
        "speed": ("speed", number_of(SPEEDS)),
        "look": ("look", look_of),
        "card": ("card", card_of),
        "legend": ("legend", flag),
        "sight": ("sights", sights_of),
        "sidebar": ("sidebar", flag),
        "fold": ("fold", flag),
        "depth": ("depth", whole(0, MOST_DEPTH)),
        "tools": ("tools", some_of(*TOOLS)),
        "rate": ("rate", number_of(RATES)),
        "reach": ("reach", number_of(REACHES)),
        "degree": ("degree", whole(1, MAX_ORDER)),
        "steps": ("walked", whole(1, MOST_WALKED)),
        "walk": ("walk", place_of),
        "hessian": ("hessian", flag),
        "open": ("opened", opened_of),
    }
)
# parameter → field of the display, reader
DISPLAY: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = MappingProxyType(
    {
        "show": ("show", some_of(*SHOWN)),
        "dir": ("direction", one_of("TB", "LR")),
        "digits": ("digits", whole(1, MOST_DIGITS)),
        "constants": ("constants", flag),
        "detached": ("detached", flag),
        "friendly": ("friendly", flag),
    }
)


def view_of(parameters: Mapping[str, str]) -> tuple[View, tuple[Problem, ...]]:
    """The view that a link asks for, and what in it could not be read."""
    problems: list[Problem] = []

    def read(table: Mapping[str, tuple[str, Callable[[str], Any]]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, (field, reader) in table.items():
            if name in parameters:
                try:
                    found[field] = reader(bounded(parameters[name]))
                except Unreadable as error:
                    problems.append(_unread(name, str(error)))
        return found

    fields = read(VIEW)
    view = View(**fields)
    view = replace(view, display=replace(view.display, **read(DISPLAY)))
    if view.lesson == OWN and not view.own:
        view = replace(view, lesson=None)
        if "own" not in parameters:
            problems.append(_unread("lesson", N_("The lesson's own text is not in the link.")))
    texts, unread = _texts(parameters)
    problems += unread
    if "source" in fields:
        view = replace(view, texts=MappingProxyType(texts))
    elif texts:
        view = replace(view, texts=MappingProxyType({**view.texts, **texts}))
    if view.start is None or view.stop is None or not view.start < view.stop:
        view = replace(view, start=None, stop=None)
    return view, tuple(problems[:MOST_TOLD])


def bounded(text: str) -> str:
    """A parameter's text, clean, if no more than a link of the page's own may hold."""
    if len(text) > LONGEST:
        raise Unreadable(N_("It is longer than any value it can have."))
    return clean(text)


def _texts(parameters: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name in parameters:
        if not name.startswith(INPUT):
            continue
        input, text = name[len(INPUT) :], parameters[name]
        if not input.isidentifier() or len(input) > 80 or len(text) > MAX_TYPED:
            if len(problems) < MOST_TOLD:
                problems.append(_unread(clean(name[:80]), N_("It is not the text of an input.")))
        elif len(texts) < MAX_INPUTS:
            texts[input] = clean(text)
    return texts, problems


def _unread(name: str, why: str) -> Problem:
    return problem(N_("The link's “{parameter}” could not be read and was left out."), why,
                   parameter=name)  # fmt: skip


def parameters_of(view: View, inputs: tuple[str, ...] = ()) -> dict[str, str]:
    """The shortest parameters that `view_of` reads as this view.

    `inputs` are the names that the program takes: texts of other names stay out of the link.
    """
    plain = View()
    found: dict[str, str] = {}
    if view.source != plain.source:
        long = len(view.source) > LONG
        found["z" if long else "f"] = packed(view.source) if long else view.source
    for name in inputs:
        if name in view.texts and (found or view.texts[name] != plain.texts.get(name)):
            found[INPUT + name] = view.texts[name]
    for table, now, default in ((VIEW, view, plain), (DISPLAY, view.display, plain.display)):
        for name, (field, _) in cast(Mapping[str, tuple[str, object]], table).items():
            value = getattr(now, field)
            if field == "own":
                found |= {name: packed(value)} if value else {}
            elif field != "source" and value is not None and value != getattr(default, field):
                found[name] = _written(value)
    return found


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ";".join(f"{key}:{_written(numbers)}" for key, numbers in value)
    if isinstance(value, frozenset | tuple):
        return ",".join(
            _written(part) for part in (value if isinstance(value, tuple) else sorted(value))
        )
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
