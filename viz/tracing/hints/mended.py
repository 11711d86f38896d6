"""What a hint is made of; mended programs: the small change that a failed line asks for.

A mend takes the source, the span that failed and the spans of the backward calls that succeeded
before it; it gives the whole program anew, or `None` where the change is not that simple.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from viz.records import Span
from viz.tracing.source_map import SourceMap

Mend = Callable[[SourceMap, Span, tuple[Span, ...]], str | None]


class Hint(NamedTuple):
    """A pattern of `Type: message`, the sentence that helps, the mend, and when it is meant.

    `finds`: what the sentence speaks of as `{found}`, a method that lacks its brackets; meant only
    where there is one, and mended by them. `fits`: a mend that looks at the shapes that met,
    `reads` one that reads the message.
    """

    pattern: str
    remedy: str
    mend: Mend | None = None
    when: Callable[[SourceMap, Span, tuple[Span, ...]], bool] | None = None
    finds: Callable[[SourceMap, Span], Span | None] | None = None
    reads: Callable[[SourceMap, Span, re.Match[str]], str | None] | None = None
    fits: Callable[[SourceMap, Span, Any], str | None] | None = None


def keep_graph(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `retain_graph=True` in the backward call before the failed one."""
    del span
    if not earlier or "retain_graph" in source.text(earlier[-1]):
        return None
    return _with_argument(source, earlier[-1], "retain_graph=True")


def seed_with_ones(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `torch.ones_like(…)` given to the failed `backward()`."""
    del earlier
    called = re.fullmatch(r"(.+)\.backward\((.*)\)", source.text(span), re.DOTALL)
    if called is None:
        return None
    return _with_argument(source, span, f"torch.ones_like({called[1]})", first=True)


def record_gradient(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `create_graph=True` in the `grad` call whose result was to be
    differentiated.
    """
    del span
    return _with_argument(source, earlier[-1], "create_graph=True") if earlier else None


def allow_unused(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `allow_unused=True` in the failed `grad`."""
    del earlier
    return _with_argument(source, span, "allow_unused=True")


def as_floats(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with the failed tensor made of floating-point numbers."""
    del earlier
    text = source.text(span)
    if not re.match(r"torch\.(tensor|arange|full|zeros|ones)\(", text) or "dtype" in text:
        return None
    return _with_argument(source, span, "dtype=torch.float32")


def detached(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `.detach()` before each `.numpy()` of the line, which changes no number."""
    del earlier
    if not source.text(span).endswith(".numpy()") or span.line != span.end_line:
        return None
    line = source.lines[span.line - 1]
    whole = Span.in_line(span.line, 0, len(line))
    return whole.replaced(source.lines, _TO_ARRAY.sub(".detach().numpy()", line))


_TO_ARRAY: Final = re.compile(r"(?<!\.data)(?<!\.detach\(\))\.numpy\(\)")


def on_the_cpu(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program on the CPU: `"cpu"` for the device in the failed place, or without `.cuda()`."""
    del earlier
    text = source.text(span)
    if _OF_CUDA.search(text):
        return span.replaced(source.lines, _OF_CUDA.sub(r"torch.\1", text))
    line = source.lines[span.line - 1]
    if _ASKS_CUDA.fullmatch(line.strip()):  # what it says is of no use elsewhere
        column = len(line) - len(line.lstrip())
        whole = Span.in_line(span.line, column, len(line))
        return whole.replaced(source.lines, f"pass  # {line.strip()}" if column else f"# {line}")
    meant = _DEVICE.sub(r"\1cpu\1", text) if _DEVICE.search(text) else _TO_DEVICE.sub("", text)
    if meant != text:
        return span.replaced(source.lines, meant)
    program = "\n".join(source.lines)  # the device was named above
    meant = _OF_CUDA.sub(r"torch.\1", _NAMED.sub(r"\1\2cpu\2", program))
    return meant if meant != program else None


_NAMED: Final = re.compile(
    r"(\btorch\.device\(\s{0,9}|\bdevice\s{0,9}=\s{0,9})(['\"])(?:cuda|mps|xpu)(?::\d)?\2"
)
_OF_CUDA: Final = re.compile(r"torch\.cuda\.(\w{1,20}Tensor)\b")
_ASKS_CUDA: Final = re.compile(
    r"(?:print\()?torch\.cuda\.(?:get_device_\w+|current_device|set_device)\([^()]*\)\)?"
)
_DEVICE: Final = re.compile(r"(['\"])(?:cuda|mps|xpu)(?::\d)?\1")
_TO_DEVICE: Final = re.compile(r"\.(?:cuda|mps|xpu|pin_memory)\((?:\d)?\)")


def reshaped(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `.reshape(…)` for the failed `.view(…)`."""
    del earlier
    before, found, after = source.text(span).rpartition(".view(")
    return span.replaced(source.lines, f"{before}.reshape({after}") if found else None


def as_product(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `x*(x + 1)` for the failed `x(x + 1)`, a summand or a factor, or alone: of
    `1/x(x + 1)` nobody knows what is divided, and `x(2)` may be meant as `x[2]`.
    """
    del earlier
    line = source.lines[span.end_line - 1]
    before = source.lines[span.line - 1][: span.column].rstrip()
    behind = line[span.end_column :].lstrip()
    called = _CALLED.fullmatch(source.text(span))
    if (
        called is None
        or before.endswith(("/", "**", "%", "@"))
        or behind.startswith((".", "[", "(", "**"))
    ):
        return None
    return span.replaced(source.lines, f"{called[1]}*{called[2]}")


_CALLED: Final = re.compile(r"([^\W\d]\w{0,30})(\([^()\[\]{}=:,*]*[^\W\d][^()\[\]{}=:,*]*\))")
"""A name that is called with one thing in which a name stands."""


def unrecorded(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with the failed line inside `torch.no_grad()`."""
    del earlier
    line = source.lines[span.line - 1]
    step = line.lstrip()
    if span.line != span.end_line or step != source.text(span):
        return None
    indent = line[: len(line) - len(step)]
    rows = [f"{indent}with torch.no_grad():", f"{indent}    {step}"]
    return "\n".join([*source.lines[: span.line - 1], *rows, *source.lines[span.line :]])


def _with_argument(source: SourceMap, span: Span, argument: str, first: bool = False) -> str | None:
    """The program with one more argument in the call that ends where `span` ends."""
    line = source.lines[span.end_line - 1]
    before = "\n".join([*source.lines[: span.end_line - 1], line[: span.end_column]])
    after = "\n".join([line[span.end_column :], *source.lines[span.end_line :]])
    if not before.endswith(")"):
        return None
    inside = before[:-1].rstrip().removesuffix(",")
    empty = inside.endswith("(")
    if first and not empty:
        return None
    return f"{inside}{'' if empty else ', '}{argument}){after}"


# ── when one of several hints belongs to a message ──


def again_here(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> bool:
    """Whether the same call succeeded before: it stands in a loop."""
    del source
    return span in earlier


def of_gradient(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> bool:
    """Whether the failed place reads a `.grad`."""
    del earlier
    return re.search(r"\.grad\b", source.text(span)) is not None


def of_max(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> bool:
    """Whether Python's `max` or `min` compared tensors."""
    del earlier
    return re.match(r"(max|min)\(", source.text(span)) is not None


def of_unrecorded_gradient(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> bool:
    """Whether the call before was a `grad` that did not record what it computed."""
    del span
    return (
        bool(earlier)
        and re.search(r"\bgrad\((?!.*create_graph)", source.text(earlier[-1]), re.DOTALL)
        is not None
    )
