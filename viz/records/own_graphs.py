"""What typed code drew with graphviz's words: its statements in their order, bounded.

A record holds reviewed attributes alone, each with a value that its pattern lets through: nothing
in one names a file, an address or a font, and no number in one makes Graphviz draw, lay out or
remember more than the statements themselves do. `plain_attributes` is how others are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from viz.records.base import MAX_TYPED, Record, Typed

MAX_STATEMENTS: Final = 4_000
"""Nodes, edges, defaults and groups of one graph."""
MAX_WRITTEN: Final = 400_000
"""Characters of one graph: names, labels and all else."""
MAX_NESTED: Final = 20
"""Groups within groups."""
MAX_ATTRIBUTES: Final = 40

StatementKind = Literal["node", "edge", "defaults", "group", "end"]
GraphEngine = Literal["dot", "neato", "circo", "twopi", "fdp", "sfdp", "osage"]

_NUMBER: Final = r"-?\d{0,3}(?:\.\d{0,6})?"
_COLOR: Final = (
    r"(?:#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?|#[0-9a-fA-F]{3}|[a-zA-Z]{2,25}\d{0,3}"
    r"|[01]?\.\d{1,6}[ ,]{1,2}[01]?\.\d{1,6}[ ,]{1,2}[01]?\.\d{1,6})"
)
_PATTERNS: Final = {
    rf"(?s:.{{0,{MAX_TYPED}}})": "label xlabel headlabel taillabel lhead ltail",
    rf"{_COLOR}(?:;0?\.\d{{1,3}})?(?::{_COLOR}(?:;0?\.\d{{1,3}})?){{0,3}}": (
        "color fillcolor fontcolor bgcolor pencolor labelfontcolor"
    ),
    rf"{_NUMBER}": (
        "width height fontsize penwidth arrowsize labelangle labeldistance labelfontsize nodesep"
        " orientation skew distortion gradientangle len sep esep rotate"
    ),
    rf"{_NUMBER}(?: equally)?": "ranksep",
    rf"{_NUMBER}(?:,{_NUMBER})?!?": "size margin pad",
    rf"{_NUMBER}|fill|compress|auto|expand": "ratio",
    r"\d{1,2}": "minlen sides",
    r"\d{1,3}": "weight",
    r"[0-8]": "peripheries",
    r"[A-Za-z0-9 _,.-]{0,80}": "fontname",
    r"[A-Za-z0-9_]{0,40}(?::[a-z_]{1,2})?": "headport tailport group",
    r"(?:bold|dashed|diagonals|dotted|filled|invis|radial|rounded|solid|striped|tapered|wedged"
    r"|setlinewidth\(\d(?:\.\d)?\)|[, ]){0,8}": "style",
    r"TB|LR|BT|RL": "rankdir",
    r"same|min|max|source|sink": "rank",
    r"(?i:true|false|yes|no|line|spline|curved|polyline|ortho|none|)": "splines",
    r"(?i:true|false|yes|no|shape|[01])": (
        "compound concentrate constraint fixedsize regular center nojustify decorate newrank"
        " forcelabels labelfloat landscape"
    ),
    r"forward|back|both|none": "dir",
    r"(?:o|l|r)?(?:box|crow|curve|diamond|dot|ediamond|empty|halfopen|icurve|inv|invdot|invempty"
    r"|invodot|none|normal|odot|odiamond|obox|open|onormal|tee|vee)": "arrowhead arrowtail",
    r"[lrcntb]": "labeljust labelloc",
    r"out|in|": "ordering",
    r"(?i:box|polygon|ellipse|oval|circle|point|egg|triangle|plaintext|plain|diamond|trapezium"
    r"|parallelogram|house|pentagon|hexagon|septagon|octagon|doublecircle|doubleoctagon"
    r"|tripleoctagon|invtriangle|invtrapezium|invhouse|mdiamond|msquare|mcircle|rect|rectangle"
    r"|square|star|none|underline|cylinder|note|tab|folder|box3d|component|m?record)": "shape",
}
ATTRIBUTES: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {name: re.compile(way) for way, names in _PATTERNS.items() for name in names.split()}
)
"""What may be said of a graph, its nodes and edges, and the values that it may have."""


def plain_attributes(given: Mapping[str, str]) -> dict[str, str]:
    """What of these attributes a record may hold; a longer text is cut."""
    cut = {name: value[:MAX_TYPED] for name, value in given.items()}
    found = {name: value for name, value in cut.items() if is_plain(name, value)}
    return dict(list(found.items())[:MAX_ATTRIBUTES])


def is_plain(name: str, value: str) -> bool:
    """Whether an attribute is reviewed and has one of its values."""
    return name in ATTRIBUTES and ATTRIBUTES[name].fullmatch(value) is not None


class GraphStatement(Record, frozen=True):
    """One statement: a node by its name, an edge by its two ends (each with a port, if it has one),
    defaults of the `graph`, of every `node` or `edge` to come, a group by its name, its end.
    """

    kind: StatementKind
    names: Annotated[tuple[Typed, ...], Meta(max_length=2)] = ()
    attributes: Annotated[dict[str, Typed], Meta(max_length=MAX_ATTRIBUTES)] = msgspec.field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        """As many names as it needs, and nothing unreviewed."""
        if len(self.names) != _NAMES[self.kind] or (
            self.kind == "defaults" and self.names[0] not in ("graph", "node", "edge")
        ):
            raise ValueError(f"a statement of the kind {self.kind} has other names")
        if not all(map(is_plain, self.attributes, self.attributes.values())):
            raise ValueError("an attribute is not reviewed")

    @property
    def written(self) -> int:
        """How many characters it has."""
        texts = (*self.names, *self.attributes, *self.attributes.values())
        return sum(map(len, texts))


_NAMES: Final = {"node": 1, "edge": 2, "defaults": 1, "group": 1, "end": 0}


class OwnGraph(Record, frozen=True):
    """A graph that typed code made of `graphviz.Digraph` or `Graph`."""

    statements: Annotated[tuple[GraphStatement, ...], Meta(max_length=MAX_STATEMENTS)]
    directed: bool = True
    strict: bool = False
    engine: GraphEngine = "dot"

    def __post_init__(self) -> None:
        """Groups that are begun are ended, and all of it is bounded."""
        depth = 0
        for each in self.statements:
            depth += {"group": 1, "end": -1}.get(each.kind, 0)
            if not 0 <= depth <= MAX_NESTED:
                raise ValueError("the groups do not fit into one another")
        if depth:
            raise ValueError("a group is not ended")
        if sum(each.written for each in self.statements) > MAX_WRITTEN:
            raise ValueError("the graph is too long")
