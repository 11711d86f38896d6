"""The picture as it stands on the screen, to take along; nothing is sent back."""

from __future__ import annotations

from viz.page.components.sent import Sent


class AsShown(Sent, frozen=True):
    """What the forms are called, `svg` and `png`, that the player makes."""

    forms: dict[str, str]
