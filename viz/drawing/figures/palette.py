"""The colours of the plotly figures: those of the graph, and more for higher derivatives.

f goes forward (blue), f′ comes back (vermilion), the selected point is green, as everywhere on the
page; f″ and beyond take hues that stay apart from these for colour-blind readers, and each order
has a dash of its own, so that colour never speaks alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from viz.drawing.colours import DARK, LIGHT

CLEAR: Final = "rgba(0,0,0,0)"
"""The ground of figures, through which the page is seen."""


@dataclass(frozen=True)
class Palette:
    """Colours as hexadecimal text; `orders` are those of f, f′, f″, …"""

    paper: str
    ink: str
    muted: str
    forward: str
    backward: str
    selection: str
    orders: tuple[str, ...]
    diverging: tuple[tuple[float, str], ...]
    """A scale from backward over paper to forward, for signed numbers."""
    sequential: tuple[tuple[float, str], ...]
    """A scale from paper to forward, for heights."""

    def faint(self, color: str, opacity: float) -> str:
        """The colour at an opacity of 0 to 1."""
        red, green, blue = _parts(color)
        return f"rgba({red},{green},{blue},{opacity:g})"


def _palette(colours: dict[str, str], beyond: tuple[str, ...], middle: str) -> Palette:
    return Palette(
        **{name: colours[name] for name in ("paper", "ink", "muted", "forward", "backward")},
        selection=colours["selection"],
        orders=(colours["forward"], colours["backward"], *beyond),
        diverging=((0.0, colours["backward"]), (0.5, middle), (1.0, colours["forward"])),
        sequential=((0.0, middle), (1.0, colours["forward"])),
    )


_LIGHT: Final = _palette(LIGHT, ("#7a4a9c", "#8a6a00", "#4d4d4d"), "#f6f3ec")
_DARK: Final = _palette(DARK, ("#c9a0e6", "#d9bb5a", "#b8b8b8"), "#24272c")
DASHES: Final = ("solid", "solid", "dash", "dashdot", "dot")
"""The line style of each order."""


def palette(dark: bool = False) -> Palette:
    """The colours for a light or a dark page."""
    return _DARK if dark else _LIGHT


def mixed(one: str, other: str, share: float) -> str:
    """The colour between two; `share` 0 is the first, 1 the other."""
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def ink_on(ground: str) -> str:
    """Black or white, whichever stands out more from a ground, by WCAG's contrast ratio."""
    light = luminance(ground)
    return "#ffffff" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "#000000"


def luminance(color: str) -> float:
    """WCAG's relative luminance of a hexadecimal colour, 0 to 1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (part / 255 for part in _parts(color))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue
