"""Texts of graphs that typed code draws: their source in the DOT language, and their labels.

`source_of(…)` is the text that `graphviz` would make; nobody reads it but the program. A label
between `<` and `>` is markup, of which `plain_label` leaves the words. `is_record` tells whether a
label divides a record's box into fields; `checked_labels` makes one field of those that do not.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from viz.records import MAX_TYPED, GraphStatement

_ID: Final = re.compile(r"(?:[a-zA-Z_][a-zA-Z0-9_]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?))\Z")
_WORDS: Final = frozenset({"node", "edge", "graph", "digraph", "subgraph", "strict"})
_QUOTE: Final = re.compile(r'((?:\\\\)*)\\?(")')
_BREAK: Final = re.compile(r"<(?:br|/tr|hr)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{0,400}>")
_MEANING: Final = re.compile(r"[{}|<>\\]")


@dataclass(frozen=True)
class Said:
    """One statement as it was said; `plain` is one of a graph's attributes without `graph [ ]`."""

    kind: str
    names: tuple[str, ...]
    attributes: dict[str, str]


def source_of(
    head: str, name: str | None, comment: str | None, said: Iterable[Said], directed: bool
) -> str:
    """The graph as a text in the DOT language."""
    lines = [f"// {comment}\n"] if comment else []
    lines.append(f"{head} {quoted(name)} {{\n" if name else f"{head} {{\n")
    depth = 1
    for each in said:
        if each.kind == "end":
            depth -= 1
        lines.append("\t" * depth + f"{_written(each, directed)}\n")
        if each.kind == "group":
            depth += 1
    return "".join([*lines, "}\n"])


def _written(said: Said, directed: bool) -> str:
    listed = " ".join(f"{quoted(key)}={quoted(value)}" for key, value in said.attributes.items())
    if said.kind == "plain":
        return listed
    if said.kind == "end":
        return "}"
    if said.kind == "group":
        return f"subgraph {quoted(said.names[0])} {{" if said.names[0] else "{"
    if said.kind == "edge":
        left = f" {'->' if directed else '--'} ".join(map(_end, said.names))
    else:
        left = said.names[0] if said.kind == "defaults" else quoted(said.names[0])
    return f"{left} [{listed}]" if listed else left


def _end(name: str) -> str:
    """An end of an edge: a node's name, after a colon its port, after another where on it."""
    node, _, rest = name.partition(":")
    port, _, where = rest.partition(":")
    return ":".join([quoted(node), *([quoted(port)] if rest else []), *([where] if where else [])])


def quoted(text: str) -> str:
    """A text as DOT has it, in quotes where it needs them."""
    if text[:1] == "<" and text[-1:] == ">" and len(text) > 1:
        return text
    if _ID.match(text) and text.lower() not in _WORDS:
        return text
    return f'"{_QUOTE.sub(_escaped, text)}"'


def _escaped(quote: re.Match[str]) -> str:
    return f'{quote[1]}\\"'


def plain_label(text: str) -> str:
    """The words of a label that is markup; any other text as it is."""
    if not (text[:1] == "<" and text[-1:] == ">" and len(text) > 1):
        return text
    lines = _BREAK.sub("\n", text[1:-1][: 4 * MAX_TYPED])
    rows = html.unescape(_TAG.sub(" ", lines)).split("\n")
    words = (" ".join(row.split()) for row in rows)
    return as_one_field("\n".join(row for row in words if row))


def as_one_field(text: str) -> str:
    """A text in which nothing has a meaning of its own."""
    return _MEANING.sub(r"\\\g<0>", text)


_PORT, _IN_PORT, _TEXT, _TABLE = 1, 2, 4, 8


def is_record(label: str) -> bool:
    """Whether a record's label is one to Graphviz: fields between `|`, each a text with a port in
    `< >` or a row of fields in `{ }`.
    """
    outside: list[int] = []
    mode, skip = 0, False
    for place, sign in enumerate(label):
        if skip:
            skip = False
            continue
        skip = sign == "\\" and label[place + 1 : place + 2] in tuple("{}|<> ")
        follows = "" if skip else sign
        if follows == "{":
            if mode or place + 1 == len(label):
                return False
            outside.append(_TABLE)
        elif follows == "}" and not outside and not mode & _IN_PORT:
            return True  # Graphviz reads no further
        after = outside.pop() if follows == "}" and outside else _after(follows, mode, sign)
        if after is None or (follows and follows in "}|" and mode & _IN_PORT):
            return False
        mode = after
    return not outside and not mode & _IN_PORT


def _after(sign: str, mode: int, written: str) -> int | None:
    """What a field has after one more sign; `None` where it may not stand there."""
    if sign in ("{", "|"):
        return 0
    if sign == "<":
        return None if mode & (_TABLE | _PORT) else mode | _PORT | _IN_PORT
    if sign == ">":
        return mode & ~_IN_PORT if mode & _IN_PORT else None
    if written == " ":
        return mode
    if mode & _TABLE:
        return None
    return mode if mode & _IN_PORT else mode | _TEXT


MISREAD: Final = (
    "Warning: bad label format {label!r}: of a record, | parts fields, {{ }} turn them, and a port"
    " stands in < >; before one that is text write a backslash\n"
)
"""What is printed of a label that is none of a record's."""


def checked_labels(
    statements: Iterable[GraphStatement], tell: Callable[[str], None]
) -> list[GraphStatement]:
    """The statements; a record's label that Graphviz cannot read is one field, which is told."""
    shapes = [""]
    shape_of: dict[str, str] = {}
    checked = []
    for each in statements:
        if each.kind == "group":
            shapes.append(shapes[-1])
        elif each.kind == "end":
            shapes.pop()
        elif each.kind == "defaults" and each.names[0] == "node":
            shapes[-1] = each.attributes.get("shape", shapes[-1])
        elif each.kind == "edge":
            for name in each.names:
                shape_of.setdefault(name.partition(":")[0], shapes[-1])
        elif each.kind == "node":
            name = each.names[0]
            shape_of[name] = each.attributes.get("shape", shape_of.get(name, shapes[-1]))
            each = _checked(each, shape_of[name], tell)
        checked.append(each)
    return checked


def _checked(node: GraphStatement, shape: str, tell: Callable[[str], None]) -> GraphStatement:
    label = node.attributes.get("label", "")
    if shape.lower() not in ("record", "mrecord") or is_record(label):
        return node
    tell(MISREAD.format(label=label[:200]))
    return structs.replace(
        node, attributes={**node.attributes, "label": as_one_field(label)[:MAX_TYPED]}
    )
