"""Where a figure stands among those of a run: of too many in a cell the first ones and the last."""

from __future__ import annotations

from typing import Final

from viz.records import Plot
from viz.tracing.runnable import Transcript

MAX_PLOTS: Final = 8
"""Figures of one cell."""
MORE: Final = f"… (of more than {MAX_PLOTS} figures the first ones and the last are shown)\n"
"""What is printed where a program draws more figures than are shown."""


def new_place(transcript: Transcript) -> int:
    """The place of a new figure in the transcript's plots."""
    place = min(len(transcript.plots), transcript.drawn + MAX_PLOTS - 1)
    if place == len(transcript.plots):
        transcript.plots.append(Plot(()))
    else:
        transcript.told_once(MORE)
    return place
