"""`dot`: a view as a `graphviz.Digraph`, ready for any Graphviz.

The picture that the page shows is laid out from this very text and then drawn by `svg`: node sizes
are fixed here, so that no font of the server matters. Every text in it is escaped twice, for HTML
and for DOT.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

import graphviz

from viz.drawing.colours import LIGHT
from viz.drawing.display import Display
from viz.drawing.picture.cards import LABEL, PADDING, TEXT, TITLE, Face, between_ranks, faces
from viz.drawing.picture.positions import Point, Positions, Route
from viz.drawing.picture.wrapped import staggered
from viz.drawing.texts import Translate, printable
from viz.drawing.view import GraphView, ViewEdge, ViewNode

INCH: Final = 72.0

_GRAPH: Final = {
    "fontname": "Helvetica",
    "nodesep": "0.34",
    "nslimit": "2",
    "nslimit1": "2",
    "outputorder": "edgesfirst",
    "pad": "0.1",
}
_NODE: Final = {
    "fixedsize": "true",
    "fontname": "Helvetica",
    "margin": "0",
    "shape": "box",
    "style": "rounded",
    "penwidth": "0.8",
}
_EDGE: Final = {
    "arrowsize": "0.6",
    "fontname": "Helvetica",
    "fontsize": "9",
    "penwidth": "0.8",
}
_STYLES: Final = {
    "leaf": {"penwidth": "1.6"},
    "constant": {"style": "rounded,dashed"},
    "detached": {"style": "rounded,dashed"},
    "stack": {"peripheries": "2"},
    "group": {"peripheries": "2"},
    "output": {"penwidth": "1.6"},
}
_PLAIN: Final = 'BORDER="0" CELLBORDER="0" CELLSPACING="0"'
MANY: Final = 60
"""Cards from which on a picture is kept narrow."""
HEAVY: Final = "6"
"""How much more a main line's arrows are kept straight than others."""
INSET: Final = 3.0
"""Points between a result's card and the line in it, as in the SVG."""
_MUTED: Final = ("constant", "detached")
"""Nodes whose frame is of the colour of what is beside the matter."""
_COLOURS: Final = {
    "value": "forward",
    "gradient": "backward",
    "shape": "muted",
    "saved": "muted",
}
"""What colour a row's text has."""


def dot(
    view: GraphView,
    display: Display | None = None,
    translate: Translate = str,
    colours: Mapping[str, str] = LIGHT,
    laid: Positions | None = None,
) -> graphviz.Digraph:
    """The view in the DOT language; node and edge names are the view's ids. With `laid` everything
    has its place already, and Graphviz only paints (its engine `nop2`)."""
    display = display or Display()
    texts = faces(view, display, translate)
    labels = {node.id: _label(node, texts[node.id], colours) for node in view.nodes}
    return _graph(view, display, texts, labels, colours, laid)


def outline(view: GraphView, display: Display, texts: Mapping[str, Face]) -> str:
    """The DOT source without any text: all that a layout depends on. It stays the same while
    numbers change, as long as they need no more room."""
    return str(_graph(view, display, texts, dict.fromkeys(texts, "")).source)


def _graph(
    view: GraphView,
    display: Display,
    texts: Mapping[str, Face],
    labels: Mapping[str, str],
    colours: Mapping[str, str] = LIGHT,
    laid: Positions | None = None,
) -> graphviz.Digraph:
    graph = graphviz.Digraph(
        "autograd",
        graph_attr={
            **_GRAPH,
            "bgcolor": colours["paper"],
            "rankdir": display.direction,
            "ranksep": f"{between_ranks(display) / INCH:.2f}",
            **({"bb": f"0,0,{laid.width:.2f},{laid.height:.2f}"} if laid else {}),
        },
        node_attr={**_NODE, "color": colours["ink"], "fontcolor": colours["ink"]},
        edge_attr={**_EDGE, "color": colours["muted"]},
    )
    for node in view.nodes:
        place = {"pos": _point(laid.nodes[node.id], laid)} if laid else {}
        _add_node(graph, node, texts[node.id], labels[node.id], colours, place)
    single = {node.id for node in view.nodes if node.single}
    straight = _main_line(view) if len(view.nodes) > MANY else set()
    longer = staggered(view, {id: face.outer for id, face in texts.items()}, display)
    for edge in view.edges:
        way = _way(laid.routes[edge.id], laid) if laid else {}
        way |= {"weight": HEAVY} if edge.id in straight else {}
        way |= {"minlen": str(longer[edge.id])} if edge.id in longer else {}
        _add_edge(graph, edge, way, many=edge.source in single and edge.target in single)
    return graph


def _main_line(view: GraphView) -> set[str]:
    """The arrow into each card that comes from farthest along the run. Graphviz puts a card below
    the middle one of its inputs: a long chain of layers would drift aside with each."""
    into: dict[str, list[ViewEdge]] = {}
    for edge in view.edges:
        into.setdefault(edge.target, []).append(edge)
    depth: dict[str, int] = {}
    found: set[str] = set()
    for node in view.nodes:
        edges = into.get(node.id, [])
        farthest = max(edges, key=lambda edge: depth.get(edge.source, 0), default=None)
        depth[node.id] = 0 if farthest is None else depth.get(farthest.source, 0) + 1
        found |= set() if farthest is None else {farthest.id}
    return found


def _way(route: Route, laid: Positions) -> dict[str, str]:
    points = " ".join(_point(point, laid) for point in route.points)
    way = {"pos": f"e,{_point(route.tip, laid)} {points}"}
    return {**way, "lp": _point(route.label, laid)} if route.label is not None else way


def _point(point: Point, laid: Positions) -> str:
    # Graphviz counts upwards
    return f"{point[0]:.2f},{laid.height - point[1]:.2f}"


def _add_node(
    graph: graphviz.Digraph,
    node: ViewNode,
    face: Face,
    label: str,
    colours: Mapping[str, str],
    place: Mapping[str, str],
) -> None:
    width, height = face.outer
    tint = {"color": colours["muted"]} if node.kind in _MUTED else {}
    graph.node(
        node.id,
        label=label,
        id=node.id,
        **{"class": node.kind},
        width=f"{width / INCH:.3f}",
        height=f"{height / INCH:.3f}",
        **_STYLES.get(node.kind, {}),
        **tint,
        **place,
    )


def _add_edge(graph: graphviz.Digraph, edge: ViewEdge, way: dict[str, str], *, many: bool) -> None:
    attributes = way if edge.differentiable else {**way, "style": "dashed"}
    if many and len(edge.records) > 1:
        attributes["label"] = f"×{len(edge.records)}"
    graph.edge(edge.source, edge.target, id=edge.id, **attributes)


def _label(node: ViewNode, face: Face, colours: Mapping[str, str]) -> str:
    """An HTML-like label: a table of lines as wide as the card, for the heading and for each row,
    their two texts at its two sides; the result's has a frame, the inner line of its card."""
    lines = []
    if face.title or face.name:
        title = _font(f"<B>{_html(face.title)}</B>", TITLE) if face.title else ""
        name = _font(f"<I>{_html(face.name)}</I>", TITLE) if face.name else ""
        lines.append(_line(title, name))
    for row in face.rows:
        label = _font(_html(row.label), LABEL, colours["muted"])
        text = _font(_html(row.text), TEXT, colours[_COLOURS[row.kind]])
        lines.append(_line(label, text))
    # a table spreads in the cell around it, not in a width of its own
    cell = f'<TD WIDTH="{face.width - 2 * PADDING:.0f}">'
    body = "".join(f"<TR>{cell}{line}</TD></TR>" for line in lines) or "<TR><TD></TD></TR>"
    table = _table(body, f'{_PLAIN} CELLPADDING="0"')
    if node.output:
        table = _framed(table, face.width - 2 * INSET, face.height - 2 * INSET)
    return f"<{table}>"


def _line(left: str, right: str) -> str:
    """One text in the middle, two at the sides of a card."""
    cells = f"<TD>{left or right}</TD>"
    if left and right:
        cells = f'<TD ALIGN="LEFT">{left}</TD><TD ALIGN="RIGHT">{right}</TD>'
    return _table(f"<TR>{cells}</TR>", f'{_PLAIN} CELLPADDING="1"')


def _framed(table: str, width: float, height: float) -> str:
    side = f'<TD WIDTH="{PADDING - INSET:.0f}"></TD>'
    middle = f'<TD WIDTH="{width - 2 * (PADDING - INSET):.0f}" HEIGHT="{height:.0f}">{table}</TD>'
    line = 'BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" STYLE="ROUNDED"'
    return _table(f"<TR>{side}{middle}{side}</TR>", line)


def _table(rows: str, attributes: str) -> str:
    return f"<TABLE {attributes}>{rows}</TABLE>"


def _font(html: str, size: float, color: str | None = None) -> str:
    tint = f' COLOR="{color}"' if color else ""
    # an empty font element is a syntax error to Graphviz
    return f'<FONT POINT-SIZE="{size:g}"{tint}>{html}</FONT>' if html else ""


def _html(text: str) -> str:
    # Graphviz reads \N and \G in labels as the names of node and graph, even when escaped
    return escape(printable(text)).replace("\\", "＼").replace("\n", " ")
