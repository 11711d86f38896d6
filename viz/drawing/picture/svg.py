"""`picture`: a view as SVG, drawn from Graphviz's positions and the cards' own texts.

The contract with whatever plays it (ids and classes are stable):

```
svg.graph                                   viewBox in points; no colours of its own (see `colours`)
  g.edges > g.edge[.cut]#e-n0-n3-0          data-source, data-target: ids of cards
                                            .cut: autograd keeps no connection (dashed)
      path.line, path.head                  the way and its head, from input to result
      text.contribution[.on]                empty; the player fills it; .on: it hides its line
      text.count                            `×12` where one arrow stands for many
  g.nodes > g.node.<kind>[.output]#n3       data-opens="n3+ n3*", data-closes="n3"
      title                                 what the card says, at full length
      rect.sheet*, rect.card, rect.inner?   a stack has sheets behind, an output an inner line
      text.title, text.name
      text.label, text.value#n3-value, text.gradient#n3-gradient, text.shape, text.saved
```

Every text is escaped; there are no scripts, no links, no styles in it (`standalone` adds a style
sheet).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from viz.drawing import texts
from viz.drawing.colours import CSS, LIGHT
from viz.drawing.display import Display
from viz.drawing.picture.arrange import arranged
from viz.drawing.picture.arrow_labels import Cards, Stand, stand
from viz.drawing.picture.cards import (
    LINE,
    PADDING,
    STACKED,
    Face,
    faces,
    flowing_width,
    operation_text,
)
from viz.drawing.picture.positions import Point, Positions, Route
from viz.drawing.texts import Translate, printable
from viz.drawing.view import GraphView, ViewEdge, ViewNode
from viz.errors import N_

MARGIN: Final = 8.0
RADIUS: Final = 6.0
BASELINE: Final = 4.3


def svg(
    view: GraphView,
    display: Display | None = None,
    translate: Translate = str,
    least: Mapping[str, float] | None = None,
    laid: Positions | None = None,
) -> str:
    """The view as an SVG element without colours, its cards at least as wide as `least` says by
    their ids, everything where `laid` says or else Graphviz; raises `DrawingFailed`."""
    display = display or Display()
    texts_of = faces(view, display, translate, least)
    laid = laid or arranged(view, display, texts_of)
    nodes = "".join(
        _node(node, texts_of[node.id], laid.nodes[node.id], display, translate)
        for node in view.nodes
    )
    boxes = ((laid.nodes[node.id], *texts_of[node.id].outer) for node in view.nodes)
    cards = Cards(boxes, (laid.width, laid.height))
    edges = "".join(_edges(view, laid, cards, flowing_width(display)))
    label = translate(N_("The graph that autograd recorded"))
    return f'{_opening(laid, label)}<g class="edges">{edges}</g><g class="nodes">{nodes}</g></svg>'


def standalone(svg: str, colours: Mapping[str, str] = LIGHT) -> str:
    """The picture with its style sheet and its ground, for a file of its own."""
    end = svg.index(">") + 1
    box = svg[:end].split('viewBox="')[1].split('"')[0].split()
    ground = (
        f'<rect x="{box[0]}" y="{box[1]}" width="{box[2]}" height="{box[3]}" '
        f'fill="{colours["paper"]}"/>'
    )
    tint = "" if colours is LIGHT else "".join(f"--{name}: {it};" for name, it in colours.items())
    dressed = f".graph {{ {tint} }}\n{CSS}" if tint else CSS
    return f"{svg[:end]}<style>{escape(dressed)}</style>{ground}{svg[end:]}"


def as_image(picture: str, label: str, name: str = "") -> str:
    """A standing picture as an HTML image of the class `name`, which viewers that trust no script,
    no style and no frame show as well (JupyterLab of a notebook that somebody else ran, GitHub)."""
    data = b64encode(picture.encode()).decode("ascii")
    of_class = f" class={_attribute(name)}" if name else ""
    return f'<img alt={_attribute(label)}{of_class} src="data:image/svg+xml;base64,{data}">'


def _opening(laid: Positions, label: str) -> str:
    width, height = laid.width + 2 * MARGIN, laid.height + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" role="img" '
        f'aria-label={_attribute(label)} width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{-MARGIN:.0f} {-MARGIN:.0f} {width:.0f} {height:.0f}">'
    )


def _text(text: str) -> str:
    return escape(printable(text))


def _attribute(text: str) -> str:
    return quoteattr(printable(text))


# --- nodes ---------------------------------------------------------------------------------------


def _node(node: ViewNode, face: Face, centre: Point, display: Display, translate: Translate) -> str:
    width, height = face.outer
    left, top = centre[0] - width / 2, centre[1] - height / 2
    classes = f"node {node.kind}" + (" output" if node.output and node.kind != "output" else "")
    full = _full_text(node, display, translate)
    return (
        f'<g id="{node.id}" class="{classes}"{_data(node)}><title>{_text(full)}</title>'
        f"{''.join(_boxes(node, face, left, top))}{''.join(_lines(node, face, left, top))}</g>"
    )


def _data(node: ViewNode) -> str:
    values = {"opens": " ".join(node.opens), "closes": node.closes or ""}
    return "".join(f" data-{key}={_attribute(value)}" for key, value in values.items() if value)


def _full_text(node: ViewNode, display: Display, translate: Translate) -> str:
    """The tool tip: title, variable, value and gradient uncut."""
    shown = node.shown
    parts = [operation_text(node, display, translate), node.name]
    head = " ".join(part for part in parts if part)
    value, gradient = (
        texts.whole(tensor, display.digits, display.words)
        for tensor in (shown.value, shown.gradient)
    )
    return "\n".join(part for part in (head, value, gradient) if part)


def _boxes(node: ViewNode, face: Face, left: float, top: float) -> Iterable[str]:
    radius = face.height / 2 if node.kind == "leaf" else RADIUS
    radius = min(radius, 16.0)
    if face.sheets:
        for sheet in (STACKED, STACKED / 2):
            yield _box("sheet", left + sheet, top + sheet, face.width, face.height, radius)
    yield _box("card", left, top, face.width, face.height, radius)
    if node.output:
        yield _box("inner", left + 3, top + 3, face.width - 6, face.height - 6, radius - 2)


def _box(name: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    return (
        f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="{radius:.1f}"/>'
    )


def _lines(node: ViewNode, face: Face, left: float, top: float) -> Iterable[str]:
    lines = len(face.rows) + bool(face.title or face.name)
    y = top + (face.height - LINE * lines) / 2 + LINE / 2 + BASELINE
    right = left + face.width - PADDING
    if face.title or face.name:
        yield from _heading(face, left, right, y)
        y += LINE
    for row in face.rows:
        if row.label:
            yield _line("label", left + PADDING, y - 0.5, row.label)
        id = f' id="{node.id}-{row.kind}"' if row.kind in ("value", "gradient") else ""
        id = f' data-further="{row.further}"' if row.further else id
        if row.label:
            yield _line(row.kind, right, y, row.text, f'{id} text-anchor="end"')
        else:
            yield _line(row.kind, left + face.width / 2, y, row.text, f'{id} text-anchor="middle"')
        y += LINE


def _heading(face: Face, left: float, right: float, y: float) -> Iterable[str]:
    if face.title and face.name:
        yield _line("title", left + PADDING, y, face.title)
        yield _line("name", right, y, face.name, ' text-anchor="end"')
        return
    kind = "title" if face.title else "name"
    yield _line(kind, left + face.width / 2, y, face.title or face.name, ' text-anchor="middle"')


def _line(kind: str, x: float, y: float, text: str, more: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{more}>{_text(text)}</text>'


# --- edges ---------------------------------------------------------------------------------------


def _edges(view: GraphView, laid: Positions, cards: Cards, room: float) -> Iterable[str]:
    """The arrows; the texts of parallel ones stand on their outer sides."""
    beside: dict[tuple[str, str], list[Point]] = {}
    for edge in view.edges:
        ends = (edge.source, edge.target)
        beside.setdefault(ends, []).append(laid.routes[edge.id].middle)
    for edge in view.edges:
        route = laid.routes[edge.id]
        middles = beside[edge.source, edge.target]
        centre = tuple(sum(axis) / len(middles) for axis in zip(*middles, strict=True))
        outward = (route.middle[0] - centre[0], route.middle[1] - centre[1])
        yield _edge(edge, route, stand(route, outward, cards, room))


def _edge(edge: ViewEdge, route: Route, flowing: Stand) -> str:
    cut = "" if edge.differentiable else " cut"
    count = ""
    if route.label is not None:
        count = _line("count", *route.label, f"×{len(edge.records)}", ' text-anchor="middle"')
    anchor = f' text-anchor="{flowing.anchor}"'
    kind = "contribution on" if flowing.on else "contribution"
    contribution = _line(kind, flowing.x, flowing.y, "", anchor)
    return (
        f'<g id="{edge.id}" class="edge{cut}" data-source="{edge.source}" '
        f'data-target="{edge.target}"><path class="line" d="{_way(route)}"/>'
        f'<path class="head" d="{_head(route)}"/>'
        f"{contribution}{count}</g>"
    )


def _way(route: Route) -> str:
    start, *rest = (f"{x:.1f},{y:.1f}" for x, y in route.points)
    return f"M{start}C{' '.join(rest)}"


def _head(route: Route) -> str:
    """A slim triangle from the end of the line to the tip."""
    (x, y), (tip_x, tip_y) = route.points[-1], route.tip
    across_x, across_y = (tip_y - y) * 0.42, (x - tip_x) * 0.42
    return (
        f"M{tip_x:.1f},{tip_y:.1f}L{x + across_x:.1f},{y + across_y:.1f}"
        f"L{x - across_x:.1f},{y - across_y:.1f}Z"
    )
