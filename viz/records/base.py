"""What all records are made of: limits, the strict base, sentences for people, places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

MAX_VALUES: Final = 64
"""Elements of a tensor that are written out; of a larger one minimum, maximum and mean."""
MAX_NODES: Final = 20_000
"""Nodes that one trace records before it says `truncated`."""
MAX_SOURCE: Final = 20_000
"""Characters of typed source."""
MAX_PRINTED: Final = 240_000
"""Characters of what a program prints."""
MAX_TEXT: Final = 20_000
"""Characters of an exception's message, of a shown value."""
MAX_NAME: Final = 160
"""Characters of a name: of a variable, of a function, of a parameter."""
MAX_INPUTS: Final = 32
"""Inputs of a program."""
MAX_TYPED: Final = 1_000
"""Characters of what is typed beside the source: an input's value, `v`, a sentence's part."""
MAX_SAMPLES: Final = 4_000
"""Samples of a curve."""
MAX_SIDE: Final = 200
"""Samples along one side of a surface."""
MAX_STEPS: Final = 200
"""Steps of gradient descent or of Newton's method."""
MAX_MATRIX: Final = 64
"""Rows and columns of a Jacobian that are written out."""
MAX_DIMENSIONS: Final = 64
"""Dimensions of a recorded tensor; few of torch's own operations take more."""
MAX_ORDER: Final = 4
"""Highest derivative that may be asked for."""
MAX_GRAPH_ORDER: Final = 3
"""Highest order of a graph on the page and in lessons: of f, of its derivatives below it."""
MAX_SEED: Final = 2**31 - 1
"""Largest seed of a run's random numbers."""
ENGLISH: Final = "en"
"""The code of the language that templates and lessons are written in first."""

Name = Annotated[str, Meta(max_length=MAX_NAME)]
Text = Annotated[str, Meta(max_length=MAX_TEXT)]
PrintedText = Annotated[str, Meta(max_length=MAX_PRINTED)]
Typed = Annotated[str, Meta(max_length=MAX_TYPED)]
SourceText = Annotated[str, Meta(max_length=MAX_SOURCE)]
Id = Annotated[str, Meta(pattern=r"^[nc][0-9]{1,6}$")]
Count = Annotated[int, Meta(ge=0, le=10**9)]
Number = bool | int | float
MAX_EXTENT: Final = 2**62
"""Elements along one dimension: what an expanded tensor may say that it has, without any memory."""
Place = Annotated[int, Meta(ge=0, le=100_000)]
"""The place of an input or output among a node's own."""
Shape = Annotated[
    tuple[Annotated[int, Meta(ge=0, le=MAX_EXTENT)], ...], Meta(max_length=MAX_DIMENSIONS)
]
# complex numbers are written as two elements each, hence twice the number of values
TensorValues = Annotated[tuple[Number, ...], Meta(max_length=2 * MAX_VALUES)]
SampleNumbers = Annotated[tuple[float, ...], Meta(max_length=MAX_SAMPLES)]


class Record(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """What all records share: frozen, compared by value, strictly decoded.

    Records cannot form cycles, so that the garbage collector need not look at them.
    """


class Measured(Record, frozen=True, gc=False):
    """A record of measured numbers: one that is not a number (NaN) equals another that is none."""

    def __eq__(self, other: object) -> bool:
        return msgspec.Struct.__eq__(self, other) is True or _alike(self, other)

    __hash__ = msgspec.Struct.__hash__


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are equal, with NaN equal to NaN."""
    if isinstance(one, Measured):
        fields = one.__struct_fields__
        return type(one) is type(other) and all(
            _alike(getattr(one, each), getattr(other, each)) for each in fields
        )
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, float) and isinstance(other, float) and one != one:
        return other != other
    return bool(one == other)


class Message(Record, frozen=True):
    """A sentence for people: an English template, `{name}` places and what fills them.

    The template is the key of its translation. Filling never formats (`str.format` on a hostile
    template could reach attributes): a place is replaced by its text, and that is all.
    """

    template: Typed
    details: Annotated[dict[Name, Typed], Meta(max_length=10)] = msgspec.field(default_factory=dict)

    def filled(self, template: str | None = None) -> str:
        """The sentence; `template` is a translation of this message's own."""
        return re.sub(
            r"\{(\w+)\}",
            lambda place: self.details.get(place[1], place[0]),
            self.template if template is None else template,
        )

    def __str__(self) -> str:
        return self.filled()


_LineNumber = Annotated[int, Meta(ge=1, le=10**6)]
_Column = Annotated[int, Meta(ge=0, le=10**6)]


class Span(Record, frozen=True):
    """A stretch of the source, `end_column` exclusive."""

    line: _LineNumber
    column: _Column
    end_line: _LineNumber
    end_column: _Column

    @classmethod
    def in_line(cls, line: int, column: int, end_column: int) -> Span:
        """A stretch within one line."""
        return cls(line, column, line, end_column)

    def text(self, lines: Sequence[str]) -> str:
        """What stands there, of a source's lines without their ends."""
        rows = list(lines[self.line - 1 : self.end_line])
        rows[-1] = rows[-1][: self.end_column]
        rows[0] = rows[0][self.column :]
        return "\n".join(rows)

    def replaced(self, lines: Sequence[str], text: str) -> str:
        """The whole source with another text in this place."""
        before = [*lines[: self.line - 1], lines[self.line - 1][: self.column]]
        after = [lines[self.end_line - 1][self.end_column :], *lines[self.end_line :]]
        return "\n".join(before) + text + "\n".join(after)


def characters(line: str, byte: int) -> int:
    """The column in characters of a column in UTF-8 bytes, as Python's parser counts them."""
    return byte if line.isascii() else len(line.encode()[:byte].decode(errors="ignore"))


class Problem(Record, frozen=True):
    """Why a text may not run: what is wrong, where, and how to mend it.

    `input` names the input whose text is meant; then `span` counts within that text, else within
    the source. `replacement` is a mended text for the span, where there is one; `mended` is the
    whole source with this mend and all others, where it needs several. `further` is what is to be
    said of the mend, or of why there is none.
    """

    message: Message
    remedy: Message
    span: Span | None = None
    input: Name | None = None
    replacement: Typed | None = None
    mended: SourceText | None = None
    further: Message | None = None


class Line(Record, frozen=True):
    """How often a line with a statement ran; 0 for a branch that was not taken."""

    number: Annotated[int, Meta(ge=1, le=MAX_SOURCE + 1)]
    count: Count
