"""`source`: a program's own graph as DOT in which every name and every value is one quoted text.

Only reviewed attributes are in a record. Words in names and labels keep the escapes that Graphviz
has for line ends and for the fields of records; any other backslash is one that is shown, so that
none ends the quotes. A font is one of three that the page has, whatever the program calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from viz.records import GraphStatement, OwnGraph

FONT: Final = "DejaVu Sans"
"""What words are measured in where the program names no font: the widest of those that readers
have."""
_FONTS: Final = (
    (re.compile(r"(?i)mono|courier|consol"), "DejaVu Sans Mono"),
    (re.compile(r"(?i)times|georgia|(?<!sans[ -])serif"), "DejaVu Serif"),
)
_ESCAPES: Final = re.compile(r"\\([nlrNGETHL{}|<>\\ \"])|[\\\"]|[\x00-\x08\x0b-\x1f\x7f]")
_BESIDE: Final = frozenset({"size", "rotate", "landscape"})
"""What scales or turns a whole picture, which is as large as it is here."""


def source(graph: OwnGraph) -> str:
    """The graph's text for Graphviz."""
    return "".join(_lines(graph))


def _lines(graph: OwnGraph) -> Iterator[str]:
    kind, arrow = ("digraph", "->") if graph.directed else ("graph", "--")
    yield f"{'strict ' if graph.strict else ''}{kind} {{\n"
    for each in ("graph", "node", "edge"):
        yield f'{each} [fontname="{FONT}"]\n'
    for statement in graph.statements:
        yield _line(statement, arrow)
    yield "}\n"


def _line(statement: GraphStatement, arrow: str) -> str:
    match statement.kind:
        case "end":
            return "}\n"
        case "group":
            name = statement.names[0]
            return f"subgraph {_quoted(name)} {{\n" if name else "{\n"
        case "edge":
            left = f" {arrow} ".join(map(_end, statement.names))
        case "node":
            left = _quoted(statement.names[0])
        case _:
            left = statement.names[0]  # one of three words
    return f"{left} [{_listed(statement.attributes)}]\n"


def _end(name: str) -> str:
    """An end of an edge with the port that it has, and where on it."""
    return ":".join(_quoted(part) for part in name.split(":", 2) if part) or '""'


def _listed(attributes: Mapping[str, str]) -> str:
    return " ".join(
        f"{name}={_quoted(_font(value) if name == 'fontname' else value)}"
        for name, value in attributes.items()
        if name not in _BESIDE
    )


def _font(name: str) -> str:
    return next((font for way, font in _FONTS if way.search(name)), FONT)


def _quoted(text: str) -> str:
    return f'"{_ESCAPES.sub(_shown, text)}"'


def _shown(found: re.Match[str]) -> str:
    sign = found[0]
    if len(sign) == 2:
        return '\\"' if sign[1] == '"' else sign
    return {"\\": "\\\\", '"': '\\"'}.get(sign, "")
