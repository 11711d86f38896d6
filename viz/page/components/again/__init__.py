"""Asks again by itself: where the house was full, the browser runs the page once more, `now`."""

from __future__ import annotations

from viz.page.components.sent import Sent


class AskAgain(Sent, frozen=True):
    """`attempt` numbers the tries and changes with each; `pause`: seconds until then, 0 is never.

    A little chance is added to the pause, so that not all visitors ask at the same time.
    """

    attempt: int
    pause: float
