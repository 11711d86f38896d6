"""What a card says and how large it is: texts and sizes in points, before any layout.

Rows come in a fixed order. A row whose text is not known yet keeps its place: the card is sized
for what it will say in the end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Literal

from viz.drawing import texts
from viz.drawing.display import Display
from viz.drawing.formulas.operations import friendly, of_function, of_node, power
from viz.drawing.picture import text_width
from viz.drawing.texts import Translate
from viz.drawing.view import GraphView, ViewNode
from viz.errors import N_
from viz.records import Saved, Tensor

RowKind = Literal["value", "gradient", "shape", "saved"]

TITLE: Final = 14.0
TEXT: Final = 12.0
LABEL: Final = 11.0
FLOWING: Final = 11.0
FLOWING_HEIGHT: Final = 32.0
FLOWING_MARGIN: Final = 20.0
LINE: Final = 17.0
PADDING: Final = 9.0
NARROWEST: Final = 60.0
WIDEST: Final = 240.0
STEP: Final = 12.0
GAP: Final = 10.0
STACKED: Final = 8.0
"""How far the sheets of a stack reach beyond its front card, right and down."""
SAVED_ROWS: Final = 4

LABELS: Final = {
    "value": N_("value"),
    "gradient": N_("grad"),
    "shape": N_("shape"),
}
FROZEN: Final = N_("frozen")


@dataclass(frozen=True)
class Row:
    """One line of a card: a small label, and a text that the player fills."""

    kind: RowKind
    label: str
    text: str
    reserved: float = 0.0
    """Width that its text may come to take while a value is dragged."""
    tensor: Tensor | None = None
    """What its text tells: where there is little room, with fewer digits."""
    further: RowKind | None = None
    """Of another output than the first: what it tells."""


@dataclass(frozen=True)
class Face:
    """A card's texts and its size in points; `sheets` says that more lie behind it."""

    title: str
    name: str
    rows: tuple[Row, ...]
    width: float
    height: float
    sheets: bool = False

    @property
    def outer(self) -> tuple[float, float]:
        """Width and height with the sheets behind."""
        extra = STACKED if self.sheets else 0.0
        return self.width + extra, self.height + extra

    @property
    def label_room(self) -> float:
        """Width of the rows' labels."""
        widths = (text_width.width(row.label, LABEL) for row in self.rows if row.label)
        return max(widths, default=0.0)

    @property
    def text_room(self) -> float:
        """Width that a row's text may take."""
        label = self.label_room
        return self.width - 2 * PADDING - (label + GAP if label else 0.0)


def faces(
    view: GraphView,
    display: Display,
    translate: Translate = str,
    least: Mapping[str, float] | None = None,
) -> dict[str, Face]:
    """Each card's face, by the card's id; `least` has widths that cards keep at least."""
    kept = least or {}
    return {node.id: face(node, display, translate, kept.get(node.id, 0.0)) for node in view.nodes}


def between_ranks(display: Display) -> float:
    """Points between a card and the next one: what flows along the arrow stands there, and needs
    its height when the run goes down, its width when it goes to the right."""
    if display.direction == "TB":
        return FLOWING_HEIGHT
    return flowing_width(display) + FLOWING_MARGIN


def flowing_width(display: Display) -> float:
    """Points that a number flowing along an arrow takes at most."""
    return text_width.width(f"×−0.0{'0' * display.digits}", FLOWING)


def face(node: ViewNode, display: Display, translate: Translate = str, least: float = 0.0) -> Face:
    """The face of one card, `least` points wide or wider."""
    title, name = _heading(node, display, translate)
    rows = tuple(_rows(node, display, translate))
    if node.title and _heading_width(title, name) > WIDEST - 2 * PADDING:
        rows, name = (Row("saved", "", name), *rows) if name else rows, ""
    draft = Face(title, name, rows, WIDEST, 0.0)
    label = draft.label_room + GAP if draft.label_room else 0.0
    widths = [label + max(text_width.width(row.text, TEXT), row.reserved) for row in rows]
    widths.append(_heading_width(title, name))
    width = min(max(_stepped(max(widths) + 2 * PADDING), NARROWEST, least), WIDEST)
    lines = len(rows) + bool(title or name)
    height = LINE * max(lines, 1) + 2 * PADDING - 5.0
    room = width - 2 * PADDING - label
    fitted = tuple(replace(row, text=_fitted(row, room, display)) for row in rows)
    title, name = _shared(node, title, name, width - 2 * PADDING)
    return Face(title, name, fitted, width, height, sheets=node.kind in ("stack", "group"))


def _stepped(width: float) -> float:
    """The next larger of a few widths: while x moves, cards keep their size and the graph holds."""
    return math.ceil(width / STEP) * STEP


def _heading_width(title: str, name: str) -> float:
    heading = text_width.width(title, TITLE, bold=True) + text_width.width(name, TITLE)
    return heading + (GAP if title and name else 0.0)


def _fitted(row: Row, room: float, display: Display) -> str:
    if row.tensor is not None:
        return fitted_tensor(row.tensor, display, room)
    return text_width.fitted(row.text, TEXT, room)


def fitted_tensor(tensor: Tensor | None, display: Display, room: float) -> str:
    """A tensor's text in `room` points: where it is wider, with fewer digits, and where one digit
    is too many, its size and mean, or its size. A number is never cut: what is left is another."""
    text = ""
    for widest in (texts.WIDEST, 0):
        for digits in range(display.digits, 0, -1):
            text = texts.tensor(tensor, digits, widest, display.words)
            if text_width.width(text, TEXT) <= room + 0.5:
                return text
    size = texts.extent(tensor.shape) if tensor is not None and tensor.shape else text
    return text_width.fitted(size, TEXT, room)


def _shared(node: ViewNode, title: str, name: str, room: float) -> tuple[str, str]:
    """Title and name cut so that both fit on one line; the title gives way last."""
    if not name:
        return _fitted_title(node, title, room), ""
    needed = text_width.width(name, TITLE)
    title = _fitted_title(node, title, max(room - needed - GAP, room / 2))
    left = room - text_width.width(title, TITLE, bold=True) - (GAP if title else 0.0)
    cut = text_width.fitted if node.title else text_width.fitted_name
    return title, cut(name, TITLE, left)


def _fitted_title(node: ViewNode, title: str, room: float) -> str:
    """A title cut where it tells least: of a module's path at the beginning, of a leaf's name in
    the middle, of an operation at the end."""
    if node.title:
        return text_width.fitted(title[::-1], TITLE, room, bold=True)[::-1]
    cut = text_width.fitted_name if node.kind == "leaf" else text_width.fitted
    return cut(title, TITLE, room, bold=True)


def _heading(node: ViewNode, display: Display, translate: Translate) -> tuple[str, str]:
    """Title and variable name."""
    operation = operation_text(node, display, translate) if "operation" in display.show else ""
    name = node.symbol if "variable" in display.show else ""
    if node.title:
        return operation, node.module if operation else ""
    if node.kind == "leaf":  # it is told from others by nothing but its name
        own = node.symbol if operation and node.shown.name else ""
        return (name or own or operation), ""
    value = node.shown.value
    if node.kind == "constant" and value is not None:
        unnamed = node.shown.op and node.shown.name is None and value.shape
        return (operation, name) if unnamed else (name, "")
    return operation, name


def operation_text(node: ViewNode, display: Display, translate: Translate = str) -> str:
    """What a card's title says of its operation."""
    if node.kind == "stack":
        return f"× {node.rounds}"
    if node.title or node.kind == "group":
        return node.title or _named_by(node.operations, display)
    if node.kind == "call" and node.call is not None:
        return of_function(node.call.function) if display.friendly else node.call.function
    if node.kind == "leaf" or (node.kind == "constant" and not node.shown.op):
        return translate(LEAVES[node.kind]) if display.friendly else node.shown.op
    if not display.friendly:
        return node.shown.op
    raised = power(node.shown, node.raised)
    if raised is not None:
        return raised
    return of_node(node.shown.op, node.call.function if node.call and node.alone else None)


def _named_by(operations: Sequence[str], display: Display) -> str:
    """What a card of many operations is called: by its first and its last."""
    names = [friendly(op) if display.friendly else op for op in operations]
    return " … ".join(dict.fromkeys([*names[:1], *names[-1:]]))


LEAVES: Final[Mapping[str, str]] = {"leaf": N_("leaf"), "constant": N_("constant")}


def _reserved(tensor: Tensor | None, digits: int) -> float:
    """Room for whatever number a scalar may become; several are too long to be provided for."""
    if tensor is None or tensor.shape or not tensor.dtype.startswith(("float", "bfloat")):
        return 0.0
    return text_width.width(f"−0.00{'0' * digits}", TEXT)


def _rows(node: ViewNode, display: Display, translate: Translate) -> Iterable[Row]:
    if node.kind == "stack":
        inside = ", ".join(friendly(op) if display.friendly else op for op in node.operations)
        yield Row("saved", "", node.title or inside)
    if node.parameters:
        yield Row("saved", "", ", ".join(node.parameters))
    else:
        yield from _told_rows(node, display, translate)
    if node.frozen and "gradient" in display.show:
        yield Row("saved", "", translate(FROZEN))


def _told_rows(node: ViewNode, display: Display, translate: Translate) -> Iterable[Row]:
    """What the display shows of a card's results."""
    shown = node.shown
    if "value" in display.show:
        text = texts.tensor(shown.value, display.digits, words=display.words)
        label = "" if node.kind == "constant" else translate(LABELS[_told_by(shown.value)])
        yield Row("value", label, text, _reserved(shown.value, display.digits), shown.value)
    if "gradient" in display.show and shown.gradient is not None:
        text = texts.tensor(shown.gradient, display.digits, words=display.words)
        reserved = _reserved(shown.gradient, display.digits)
        yield Row("gradient", translate(LABELS["gradient"]), text, reserved, shown.gradient)
    yield from _further_rows(node, display, translate)
    if "shape" in display.show and shown.value is not None:
        sizes = f"{texts.shape(shown.value.shape, display.words)} {shown.value.dtype}"
        yield Row("shape", translate(LABELS["shape"]), sizes)
    if "saved" in display.show and node.single:
        # sizes and strides that autograd keeps say nothing that the shape does not
        telling = (saved for saved in shown.saved if "_sym_" not in saved.name)
        told = ((saved, saved_text(saved, display)) for saved in telling)
        for saved, text in islice((each for each in told if each[1]), SAVED_ROWS):
            tensor = saved.value if isinstance(saved.value, Tensor) else None
            yield Row("saved", saved.name, text, tensor=tensor)


def _further_rows(node: ViewNode, display: Display, translate: Translate) -> Iterable[Row]:
    """The card's other outputs, each by its name or its number."""
    for output in node.further:
        told: tuple[tuple[RowKind, Tensor | None], ...]
        told = (("value", output.value), ("gradient", output.gradient))
        for kind, tensor in told:
            if kind in display.show and tensor is not None:
                name = output.name if kind == "value" else ""
                label = name or f"{translate(LABELS[kind])} {output.place}"
                text = texts.tensor(tensor, display.digits, words=display.words)
                yield Row("saved", label, text, tensor=tensor, further=kind)


def _told_by(value: Tensor | None) -> RowKind:
    """What the row of a value says of it: of one that nobody kept only the shape is known."""
    unread = value is not None and value.values is None and value.mean is None
    return "shape" if unread else "value"


def saved_text(saved: Saved, display: Display) -> str:
    """A saved value as text."""
    value = saved.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return texts.number(value, display.digits)
    return texts.tensor(value, display.digits, words=display.words)
