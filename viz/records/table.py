"""A trace as a table for a prompt or a notebook: one row a node, in the order met."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from viz.records.base import Number
from viz.records.modules import compiled

if TYPE_CHECKING:
    from viz.records.trace import Node, Tensor, Trace

COLUMNS: Final = (
    "node",
    "kind",
    "operation",
    "name",
    "shape",
    "dtype",
    "value",
    "gradient",
    "line",
)
SHOWN: Final = 60
"""Rows that a table shows of itself; it holds all."""
LINE: Final = 90
"""Characters of a line at the prompt."""
BESIDE: Final = 4
"""Outputs of one node that a row tells of."""
WIDEST: Final = 44
"""Characters of a tensor's text."""
FROZEN: Final = "frozen"
NOT_SHOWN: Final = "not shown"
"""Of a tensor that is there and cannot be read: a large complex one, one that wraps others."""
TableCell = str | Number | None


@dataclass(frozen=True)
class Table:
    """Rows under named columns; shows itself as text and, in a notebook, as HTML."""

    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    notes: tuple[str, ...] = ()
    """What is to be known of all rows; a frame has it in its `attrs`."""

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> tuple[TableCell, ...]:
        """All cells of a column; raises `ValueError` where there is none of that name."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)

    def frame(self) -> Any:
        """The same as a `pandas.DataFrame`, by node; raises `ImportError` without pandas."""
        import pandas

        found = pandas.DataFrame(list(self.rows), columns=list(self.columns), dtype=object)
        found.attrs["notes"] = list(self.notes)
        return found.set_index(self.columns[0])

    def __repr__(self) -> str:
        lines = [self.columns, *(tuple(map(_plain, row)) for row in self.rows[:SHOWN])]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        return "\n".join([*text, *self._more()])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        rows = "".join(f"<tr>{_cells(row)}</tr>" for row in self.rows[:SHOWN])
        more = "".join(f"<caption>{escape(each)}</caption>" for each in self._more())
        return f"<table>{more}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def _more(self) -> Iterator[str]:
        yield from self.notes
        if len(self.rows) > SHOWN:
            yield f"… {len(self.rows) - SHOWN} more rows"


def table_of(trace: Trace) -> Table:
    """One row a node: what made it, its shape, its value and its gradient.

    A number stands as a number, a small tensor as its elements, a larger one as its range; an empty
    cell is what was not recorded, and what several outputs have stands side by side. Of a frozen
    parameter the gradient's cell says so.
    """
    lines = {call.id: call.span.line for call in trace.calls if call.span is not None}
    used = _used(trace)
    rows = []
    for node in trace.nodes:
        ports = (node.port(0), *node.more)
        values = [port.value for port in ports]
        dtype = None if node.value is None else node.value.dtype
        places = _told_of(len(ports), used[node.id])
        gradients = _beside([told(port.gradient) for port in ports], places)
        gradient = FROZEN if node.frozen else gradients
        value = _beside(list(map(told, values)), places)
        numbers = (value, gradient, lines.get(node.call or ""))
        sizes = _beside(list(map(_sizes, values)), places)
        rows.append((node.id, node.kind, node.op, _names(node), sizes, dtype, *numbers))
    return Table(COLUMNS, tuple(rows), tuple(_notes(trace)))


def _sizes(value: Tensor | None) -> str | None:
    return None if value is None else "×".join(map(str, value.shape)) or "scalar"


def _used(trace: Trace) -> defaultdict[str, set[int]]:
    """Which outputs of each node something was made of, or were returned."""
    used: defaultdict[str, set[int]] = defaultdict(set)
    for edge in trace.edges:
        used[edge.source].add(edge.output_index)
    for node, place in trace.returned():
        used[node.id].add(place)
    return used


def _told_of(count: int, used: set[int]) -> list[int]:
    """The outputs of a node that its row tells of: of many the first that are used."""
    if count <= BESIDE:
        return list(range(count))
    return sorted(used)[:BESIDE] or list(range(BESIDE))


def _beside(cells: list[TableCell], places: list[int]) -> TableCell:
    """What the outputs of one node have, in one cell; nothing where none has anything. Of those
    that are not the first ones each has its place.
    """
    if len(cells) == 1 or all(cell is None for cell in cells):
        return cells[0]
    first = places == list(range(len(places)))
    texts = [("" if first else f"{at}: ") + (_plain(cells[at]) or "–") for at in places]
    more = [f"and {len(cells) - len(places)} more"] if len(cells) > len(places) else []
    return " | ".join(texts + more)


def _names(node: Node) -> str | None:
    """The variables of a node's outputs, each once."""
    found = [each.strip() for each in (node.name or "").split(",")]
    found += [port.name for port in node.more if port.name]
    return ", ".join(dict.fromkeys(filter(None, found))) or None


def two_lines(trace: Trace) -> str:
    """A trace at the prompt: what ran and what came of it; then gradients, or what stopped it."""
    held = not (trace.program.source or trace.program.function or trace.calls)
    name = trace.program.function or trace.program.kind
    operations = sum(node.kind in ("operation", "output") for node in trace.nodes)
    parts = [_counted(operations, "operation")]
    if not held:
        parts.append(_counted(len(trace.passes), "backward pass", "es"))
    last = trace.passes[-1] if trace.passes and trace.program.kind == "function" else None
    if last is not None and last.call is not None and last.freed:
        parts[-1] += " of its own, which freed the graph"
    if trace.truncated:
        parts.append("not all recorded")
    parts += _notes(trace)
    came = _plain(told(trace.value))
    what = "Graph of a tensor" if held else f"Trace of {name}"
    first = f"{what}: {', '.join(parts)}{f' → {came}' if came else ''}"
    if trace.failure is not None:
        message = " ".join(trace.failure.message.split())
        return f"{first}\n  {trace.failure.type}{': ' if message else ''}{message[:LINE]}"
    told_ = [f"{key} {_plain(told(each)) or None}" for key, each in trace.gradients.items()]
    frozen = f"; {FROZEN}: {_in_line(list(trace.frozen))}" if trace.frozen else ""
    return f"{first}\n  gradients{_roots(trace)}: {_in_line(told_) or 'none'}{frozen}"


def _notes(trace: Trace) -> list[str]:
    # torch's own record of it is one node: who compares is not to wonder
    names = compiled(trace.modules)
    told_ = ", ".join(filter(None, names))
    return [f"{told_} compiled, run as it is written".lstrip()] if names else []


def _roots(trace: Trace) -> str:
    """Of which outputs the gradients are, where there are several."""
    last = trace.passes[-1] if trace.passes and trace.program.kind == "function" else None
    if last is None or last.call is not None or last.order > 1 or len(trace.outputs) < 2:
        return ""
    ports = [node.port(place) for node, place in trace.returned()]
    parts = [each for each in ports if each.value and each.value.requires_grad]
    own = len(parts) == len(last.roots)
    found = [each.name for each in parts] if own else [trace.node(id).name for id in last.roots]
    names = [name or "an output" for name in found]
    told_ = len(names) < 5 and len(set(names)) == len(names)
    return f" of {' + '.join(names)}" if told_ else f" of {len(names)} outputs, added up"


def _counted(count: int, noun: str, plural: str = "s") -> str:
    return f"{count:,} {noun}{'' if count == 1 else plural}"


def _in_line(texts: list[str]) -> str:
    """As many of the texts as stand in a line, and how many more there are."""
    joined = ""
    for place, text in enumerate(texts):
        longer = f"{joined}, {text}" if joined else text
        if len(longer) > LINE and joined:
            return f"{joined}, and {len(texts) - place} more"
        joined = longer
    return joined


def told(tensor: Tensor | None) -> TableCell:
    """A tensor in one cell."""
    if tensor is None:
        return None
    if tensor.values is None:
        return _range(tensor) or NOT_SHOWN
    if tensor.dtype.startswith("complex"):
        pairs = zip(tensor.values[::2], tensor.values[1::2], strict=True)
        return _short([f"{real:.4g}{imaginary:+.4g}i" for real, imaginary in pairs])
    if not tensor.shape and len(tensor.values) == 1:
        return tensor.values[0]
    return _short([number(value) for value in tensor.values])


def number(value: Number) -> str:
    """A number in four significant digits, whole ones as they are."""
    whole = isinstance(value, int) or (math.isfinite(value) and value == int(value))
    return f"{value:.4g}" if not whole or abs(value) >= 10**7 else str(int(value))


def _short(texts: list[str]) -> str:
    joined = ", ".join(texts)
    if len(joined) <= WIDEST or len(texts) <= 4:  # nothing to leave out between three and a last
        return f"[{joined}]"
    return f"[{', '.join(texts[:3])}, …, {texts[-1]}]"


def _range(tensor: Tensor) -> str | None:
    if tensor.minimum is None or tensor.maximum is None or tensor.mean is None:
        return None
    return f"{tensor.minimum:.4g} … {tensor.maximum:.4g}, mean {tensor.mean:.4g}"


def _plain(cell: TableCell) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else number(cell)


def _cells(row: tuple[TableCell, ...]) -> str:
    return "".join(f"<td>{escape(_plain(cell))}</td>" for cell in row)
