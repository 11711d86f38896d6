"""What was not to be had is asked for again: by the browser, after a pause that grows, for a while.

A run of the page that met a full house notes it in its session (`wanting`). Answers that came are
kept, so that another run costs no more than what is still missing.
"""

from __future__ import annotations

from typing import Final

from viz.page import components
from viz.page.components.again import AskAgain
from viz.page.session.state import Session

FIRST: Final = 0.8
"""Seconds until the first new attempt."""
GROWTH: Final = 1.5
"""Each pause is this much longer than the one before,"""
LONGEST: Final = 10.0
"""up to this many seconds."""
ATTEMPTS: Final = 30
"""Attempts in a row, some minutes; then the page waits for its visitor."""


def pause(attempt: int) -> float:
    """Seconds before an attempt, counted from 1; 0 where there is none."""
    if not 1 <= attempt <= ATTEMPTS:
        return 0.0
    return min(LONGEST, FIRST * GROWTH ** (attempt - 1))


def again(now: Session) -> None:
    """The end of a run of the page: has the browser run it again where something is wanting."""
    now.attempts = now.attempts + 1 if now.wanting else 0
    now.wanting = False
    # the click of this clock runs the page's fragment anew, which is all that is asked of it
    components.show(AskAgain(now.attempts, pause(now.attempts)), on_now_change=lambda: None)
