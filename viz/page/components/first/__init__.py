"""What a first run ends with: when the browser shows the first picture, the page sends the rest.

It sends back `there`, once, as soon as the picture is painted.
"""

from __future__ import annotations

from viz.page.components.sent import Sent


class FirstPicture(Sent, frozen=True):
    """`session` names the session that waits for the word."""

    session: str
