"""An exception of the typed code as a record holds it: its type, its own words, its place."""

from __future__ import annotations

from viz.records import MAX_NAME, Failure, Message
from viz.tracing.source_map import SourceMap
from viz.tracing.texts import own_words


def failure_of(error: BaseException, source: SourceMap, hint: Message | None = None) -> Failure:
    """The failure; `hint` is the sentence that helps."""
    return Failure(
        type(error).__name__[:MAX_NAME],
        own_words(error),
        source.failure_span(error.__traceback__),
        hint,
    )
