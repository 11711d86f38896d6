"""How somebody looks at plotly's figures, and where they click in one of them.

Sent back are `sight`, how a figure is looked at from now on, and `place`, the two numbers where
somebody clicked.
"""

from __future__ import annotations

from viz.page.components.sent import Sent


class Sights(Sent, frozen=True):
    """What is followed of each figure, by its key: axes that can be zoomed, or `scene`.

    `edition` is another one when the figures are another program's. `clicked` is the key of the
    figure whose clicks are told.
    """

    followed: dict[str, tuple[str, ...]]
    edition: int
    clicked: str
