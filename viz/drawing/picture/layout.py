"""`layout`: DOT in, picture out, by Graphviz in processes of their own.

A few warm workers (2 ms for a small graph instead of 100 ms to start one) are started when first
needed (`viz.drawing.workers`). Safe to call from several threads. Raises `DrawingFailed`.
"""

from __future__ import annotations

import atexit
import re
from pathlib import Path
from typing import Final, Literal

from viz.drawing.workers import AllBusy, WorkerEnded, Workers
from viz.errors import N_, DrawingBusy, DrawingFailed, problem
from viz.records import GraphEngine

Format = Literal["json0", "json", "svg", "png", "pdf", "dot"]
Engine = Literal["dot", "nop2"] | GraphEngine

SECONDS: Final = 8.0
"""Time that one layout may take."""
PAINTING: Final = 20.0
"""Time for a picture whose layout is there: it grows no faster than the picture, and has nothing to
fall back on where the machine is busy."""
WORKERS: Final = 2
"""Layouts at the same time; more wait for their turn."""
MEMORY: Final = 1_500_000_000
"""Bytes of address space of one worker."""
LARGEST: Final = 8_000_000
"""Bytes of a DOT source."""
LARGEST_PICTURE: Final = 100_000_000
"""Bytes of a picture."""
TURNS: Final = 1_000
"""Layouts after which a worker is replaced: Graphviz does not give all its memory back."""

UNLOADABLE: Final = 3
"""Exit code of a worker whose machine lacks a library that Graphviz's wheel does not bring."""

_WORKER: Final = Path(__file__).with_name("layout_worker.py")


_DATE: Final = re.compile(rb"/CreationDate \(D:[^)\n]{,40}\)")


class LayoutTooLarge(DrawingFailed):
    """Graphviz ran out of time or memory over this graph; another layout may still do."""


class Layouts(Workers):
    """A few warm layout processes; a context manager that ends them."""

    def __init__(self, workers: int = WORKERS) -> None:
        arguments = (str(MEMORY), str(UNLOADABLE))
        super().__init__(_WORKER, arguments, workers=workers, most=LARGEST_PICTURE, turns=TURNS)

    def layout(
        self,
        source: str,
        format: Format = "svg",
        *,
        seconds: float = SECONDS,
        engine: Engine = "dot",
    ) -> bytes:
        """The picture of a DOT source; `json0` gives positions only, `json` what is drawn there;
        `nop2` keeps the positions that it has.

        Raises `DrawingFailed` when the source is too large or unreadable, time runs out, or a
        picture of pixels would lose its words because the machine has no fonts.
        """
        encoded = source.encode("utf-8", "replace")
        if len(encoded) > LARGEST:
            raise _too_large()
        try:
            ok, body = self.answer({"format": format, "engine": engine}, encoded, seconds)
        except AllBusy:
            raise DrawingBusy(
                problem(N_("Too many pictures are being drawn."), N_("Try again in a moment."))
            ) from None
        except WorkerEnded as ended:
            raise (_no_graphviz() if ended.code == UNLOADABLE else _too_large()) from None
        if not ok:
            raise _no_fonts() if body.startswith(b"NoFonts") else _unreadable(body)
        return _undated(body) if format == "pdf" else body


def _undated(page: bytes) -> bytes:
    """A PDF without the second in which it was made: equal records give equal files. It keeps its
    length, for a PDF counts its bytes."""
    return _DATE.sub(lambda found: b" " * len(found[0]), page)


def _too_large() -> LayoutTooLarge:
    return LayoutTooLarge(
        problem(
            N_("The picture is too large to be laid out in time."),
            N_("Close what is open, hide constants, or look at fewer operations."),
        )
    )


def _no_graphviz() -> DrawingFailed:
    return DrawingFailed(
        problem(
            N_("Graphviz cannot be loaded: this machine lacks a library that it needs."),
            N_("Install {packages} (Debian's names), then restart the program."),
            packages="libglib2.0-0 libx11-6 libxext6 libxrender1",
        )
    )


def _no_fonts() -> DrawingFailed:
    return DrawingFailed(
        problem(
            N_("This machine has no fonts: a PNG or PDF would lose its words."),
            N_("Save the SVG, which needs no fonts, or install a font (fonts-dejavu on Debian)."),
        )
    )


def _unreadable(answer: bytes) -> DrawingFailed:
    words = answer.decode("utf-8", "replace")
    return DrawingFailed(
        problem(
            N_("Graphviz could not draw this: {words}"),
            N_("Check the DOT source, or save the picture in another format."),
            words=words,
        )
    )


_SHARED: Final = Layouts()
atexit.register(_SHARED.close)


def layout(
    source: str, format: Format = "svg", *, seconds: float = SECONDS, engine: Engine = "dot"
) -> bytes:
    """The picture of a DOT source, by the shared workers. Raises `DrawingFailed`."""
    return _SHARED.layout(source, format, seconds=seconds, engine=engine)


def close() -> None:
    """Ends the shared layout processes; they start again when needed."""
    _SHARED.close()
