"""The typed code's `graphviz`: graphs that are written down statement by statement, and drawn by
the page.

`graph_makers(transcript)` has `Digraph` and `Graph` by name. What one of them is told is kept as it
was said, for its `source`; when it is shown (`display(dot)`, as a cell's last line, by `render` or
`view`, which write no file here) the reviewed part of it goes into `transcript.plots`. Raises
`TypeError` and `ValueError` as the library would.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final, Self, get_args

from viz.program.allowlist import allowed
from viz.records import (
    MAX_NESTED,
    MAX_STATEMENTS,
    MAX_TYPED,
    MAX_WRITTEN,
    GraphEngine,
    GraphStatement,
    OwnGraph,
    Plot,
    StatementKind,
    plain_attributes,
)
from viz.tracing.runnable import Transcript
from viz.tracing.typed.own_graphs.labels import Said, checked_labels, plain_label, source_of
from viz.tracing.typed.plot.places import new_place
from viz.tracing.typed.type_stand_ins import Frozen, TypeName, plain_text

MAX_KEPT: Final = 40_000
"""Statements that one graph keeps: more than are drawn, for its source."""
MAX_ALL: Final = 3 * MAX_WRITTEN
"""Characters of all graphs that one run shows."""
LARGER: Final = (
    f"… (a graph of {{count}} nodes and edges is not drawn: at most {MAX_STATEMENTS} are)\n"
)
LONGER: Final = f"… (a graph of more than {MAX_WRITTEN} characters is not drawn)\n"
ENGINES: Final[tuple[GraphEngine, ...]] = get_args(GraphEngine)
KINDS: Final[dict[str, StatementKind]] = {
    **{kind: kind for kind in get_args(StatementKind)},
    "plain": "defaults",
}


class DraftedGraph(Frozen):
    """A graph in the making."""

    __slots__ = (
        "_statements",
        "_transcript",
        "comment",
        "directory",
        "edge_attr",
        "engine",
        "filename",
        "format",
        "graph_attr",
        "name",
        "node_attr",
        "strict",
    )
    directed: ClassVar[bool]
    _transcript: Transcript
    _statements: list[Said]
    graph_attr: dict[str, Any]
    node_attr: dict[str, Any]
    edge_attr: dict[str, Any]
    name: str | None
    comment: str | None
    format: str | None
    engine: str | None
    filename: str | None
    directory: str | None
    strict: bool

    def __init__(
        self,
        transcript: Transcript,
        name: Any = None,
        comment: Any = None,
        filename: Any = None,
        directory: Any = None,
        format: Any = None,
        engine: Any = None,
        _encoding: Any = "utf-8",
        graph_attr: Any = None,
        node_attr: Any = None,
        edge_attr: Any = None,
        body: Any = None,
        strict: Any = False,
        **_ways: Any,
    ) -> None:
        if body:
            raise ValueError("a body of DOT text cannot be drawn here: use node and edge")
        put = functools.partial(object.__setattr__, self)
        put("_transcript", transcript)
        put("_statements", [])
        put("strict", bool(strict))
        for word, given in (("graph", graph_attr), ("node", node_attr), ("edge", edge_attr)):
            put(f"{word}_attr", dict(given or {}))
        self.name, self.comment, self.format, self.engine = name, comment, format, engine
        self.filename, self.directory = filename, directory

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in allowed.OF_GRAPHS:
            super().__setattr__(name, value)
        if name == "engine" and value is not None and value not in ENGINES:
            raise ValueError(f"{value!r} is no engine known here: use {', '.join(ENGINES)}")
        object.__setattr__(self, name, None if value is None else plain_text(value))

    def __repr__(self) -> str:
        return f"<graphviz.graphs.{type(self).__name__} object>"

    def __str__(self) -> str:
        return self.source

    # ── what it is told ──

    def node(self, name: Any, label: Any = None, _attributes: Any = None, **attrs: Any) -> None:
        """A node by its name; what stands on it is its label, or else the name."""
        self._say("node", (_text(name),), _told(label, _attributes, attrs))

    def edge(
        self,
        tail_name: Any,
        head_name: Any,
        label: Any = None,
        _attributes: Any = None,
        **attrs: Any,
    ) -> None:
        """An edge between two nodes, which it makes if they are not there."""
        for end in (tail_name, head_name):
            if not isinstance(end, str):
                kind = type(end).__name__
                raise AttributeError(f"{kind!r} object has no attribute 'partition'")
        ends = (plain_text(tail_name), plain_text(head_name))
        self._say("edge", ends, _told(label, _attributes, attrs))

    def edges(self, tail_head_iter: Iterable[Any]) -> None:
        """Edges, each a pair of names: `edges(["ab", ("b", "c")])`."""
        for tail, head in tail_head_iter:
            self.edge(tail, head)

    def attr(self, kw: Any = None, _attributes: Any = None, **attrs: Any) -> None:
        """Attributes of the graph, or of all nodes or edges to come."""
        if kw is not None and plain_text(kw).lower() not in ("graph", "node", "edge"):
            raise ValueError(f"attr statement must target graph, node, or edge: {kw!r}")
        told = _told(None, _attributes, attrs)
        if told:
            self._say("plain" if kw is None else "defaults", (plain_text(kw or "graph"),), told)

    def _say(self, kind: str, names: tuple[str, ...], attributes: dict[str, str]) -> None:
        self._add([Said(kind, names, attributes)])

    def _add(self, said: list[Said]) -> None:
        if len(self._statements) + len(said) > MAX_KEPT:
            raise ValueError(
                f"at most {MAX_KEPT} nodes and edges fit into one graph: leave some out"
            )
        self._statements.extend(said)

    def subgraph(
        self,
        graph: Any = None,
        name: Any = None,
        comment: Any = None,
        graph_attr: Any = None,
        node_attr: Any = None,
        edge_attr: Any = None,
        body: Any = None,
    ) -> Any:
        """Another graph as a group of this one; without one a `with` that gives a new graph."""
        further = (name, comment, graph_attr, node_attr, edge_attr, body)
        if graph is None:
            made = type(self)(
                self._transcript,
                *(name, comment, self.filename, self.directory, self.format, self.engine, "utf-8"),
                *further[2:],
            )
            return Grouped(self, made)
        if any(each is not None for each in further):
            raise ValueError("graph must be sole argument of subgraph()")
        if not isinstance(graph, DraftedGraph) or graph.directed != self.directed:
            raise ValueError(f"{self!r} cannot add subgraph of different kind: {graph!r}")
        whole = [Said("group", (graph.name or "",), {}), *graph._whole(), Said("end", (), {})]
        if _depth(whole) > MAX_NESTED:
            raise ValueError(f"at most {MAX_NESTED} groups stand in one another: use fewer")
        self._add(whole)
        return None

    def _whole(self) -> list[Said]:
        """Its statements after the attributes that it began with."""
        begun = (("graph", self.graph_attr), ("node", self.node_attr), ("edge", self.edge_attr))
        told = ((word, _told(None, None, given)) for word, given in begun)
        first = [Said("defaults", (word,), attributes) for word, attributes in told if attributes]
        return [*first, *self._statements]

    def clear(self, keep_attrs: bool = False) -> None:
        """Takes away what it was told."""
        self._statements.clear()
        for each in () if keep_attrs else (self.graph_attr, self.node_attr, self.edge_attr):
            each.clear()

    def copy(self) -> Self:
        """Another one that was told the same."""
        made = type(self)(
            self._transcript,
            *(self.name, self.comment, self.filename, self.directory, self.format, self.engine),
            *("utf-8", self.graph_attr, self.node_attr, self.edge_attr, None, self.strict),
        )
        made._statements.extend(self._statements)
        return made

    def unflatten(self, *_given: Any, **_ways: Any) -> Self:
        """The same graph: the page lays it out as it is."""
        return self

    # ── what it gives ──

    @property
    def source(self) -> str:
        """It as a text in the DOT language."""
        head = f"{'strict ' if self.strict else ''}{'digraph' if self.directed else 'graph'}"
        return source_of(head, self.name, self.comment, self._whole(), self.directed)

    def render(self, filename: Any = None, *_given: Any, **ways: Any) -> str:
        """Shows it; no file is written. Gives the name that the file would have."""
        self._show()
        kind = ways.get("outfile") or ways.get("format") or self.format or "pdf"
        return f"{self.save(filename)}.{kind}"

    view = render

    def save(self, filename: Any = None, *_given: Any, **_ways: Any) -> str:
        """Writes no file; gives the name that it would have."""
        return plain_text(filename or self.filename or f"{self.name or type(self).__name__}.gv")

    def pipe(self, *_given: Any, encoding: Any = None, **_ways: Any) -> Any:
        """Shows it; what a file would hold is not made here."""
        self._show()
        return b"" if encoding is None else ""

    def _show(self) -> bool:
        """It among the plots, once in a cell; whether it is shown there."""
        record = self._record()
        shown = self._transcript.plots
        if record is None or any(each.graph == record for each in shown[self._transcript.drawn :]):
            return True
        graphs = [each.graph for each in shown if each.graph is not None]
        if sum(each.written for graph in graphs for each in graph.statements) > MAX_ALL:
            raise ValueError(
                f"at most {MAX_ALL} characters fit into the graphs of a script: use shorter labels"
            )
        place = new_place(self._transcript)
        self._transcript.plots[place] = Plot((), graph=record)
        return True

    def _record(self) -> OwnGraph | None:
        """What may be shown of it, told among the printed lines where that is nothing."""
        said = self._whole()
        if len(said) > MAX_STATEMENTS:
            self._transcript.told_once(LARGER.replace("{count}", str(len(said))))
            return None
        statements = [
            GraphStatement(
                KINDS[each.kind],
                tuple(name[:MAX_TYPED] for name in each.names),
                plain_attributes({key: plain_label(text) for key, text in each.attributes.items()}),
            )
            for each in said
        ]
        if sum(each.written for each in statements) > MAX_WRITTEN:
            self._transcript.told_once(LONGER)
            return None
        checked = checked_labels(statements, self._transcript.told_once)
        engine: GraphEngine = next((each for each in ENGINES if each == self.engine), "dot")
        return OwnGraph(tuple(checked), self.directed, self.strict, engine)


class DirectedGraph(DraftedGraph):
    """`graphviz.Digraph`."""

    __slots__ = ()
    directed = True


class UndirectedGraph(DraftedGraph):
    """`graphviz.Graph`."""

    __slots__ = ()
    directed = False


class Grouped(Frozen):
    """`with dot.subgraph(name="cluster_0") as c:`: the group goes into the graph at its end."""

    __slots__ = ("_into", "_made")
    _into: DraftedGraph
    _made: DraftedGraph

    def __init__(self, into: DraftedGraph, made: DraftedGraph) -> None:
        object.__setattr__(self, "_into", into)
        object.__setattr__(self, "_made", made)

    def __enter__(self) -> DraftedGraph:
        return self._made

    def __exit__(self, kind: object, *_raised: object) -> None:
        if kind is None:
            self._into.subgraph(self._made)


def is_shown(value: Any) -> bool:
    """Whether a value is a graph, which is then shown as a notebook shows it."""
    return isinstance(value, DraftedGraph) and value._show()


def _depth(said: list[Said]) -> int:
    depth = deepest = 0
    for each in said:
        depth += {"group": 1, "end": -1}.get(each.kind, 0)
        deepest = max(deepest, depth)
    return deepest


def _text(value: Any) -> str:
    """A name or a value, which must be a text; raises `TypeError` in the library's words."""
    if not isinstance(value, str):
        raise TypeError(f"expected string or bytes-like object, got {type(value).__name__!r}")
    return plain_text(value)


def _told(label: Any, attributes: Any, named: Mapping[str, Any]) -> dict[str, str]:
    """The attributes of a statement, the label first, each part of them by name."""
    further = sorted(attributes.items()) if isinstance(attributes, dict) else attributes or ()
    pairs = [("label", label), *sorted(named.items()), *further]
    return {_text(key): _text(value) for key, value in pairs if value is not None}


def graph_makers(transcript: Transcript) -> dict[str, TypeName]:
    """`Digraph` and `Graph`, whose graphs are shown in this run."""
    kinds: Mapping[str, Callable[..., Any]] = {"Digraph": DirectedGraph, "Graph": UndirectedGraph}
    return {
        name: TypeName(kind, functools.partial(kind, transcript))  # type: ignore[arg-type]
        for name, kind in kinds.items()
    }


for _kind, _called in ((DirectedGraph, "Digraph"), (UndirectedGraph, "Graph")):
    _kind.__name__ = _kind.__qualname__ = _called
    _kind.__module__ = "graphviz.graphs"
