"""The colours and the style sheet of the drawings.

Ink on paper; one colour for what goes forward (blue), one for what comes back (vermilion), one for
the selection (green): hues that red-, green- and blue-blind readers tell apart, and never colour
alone (labels, dashes and shapes say the same). `graph.css` reads the variables `--paper`, `--ink`,
`--forward`, `--backward` and `--selection` and falls back to the light ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

LIGHT: Final = {
    "paper": "#fdfcf9",
    "ink": "#22252a",
    "muted": "#6b6f76",
    "forward": "#0b63a5",
    "backward": "#b84500",
    "selection": "#006b4f",
}
DARK: Final = {
    "paper": "#17191d",
    "ink": "#e9e7e2",
    "muted": "#9a9da3",
    "forward": "#79bcff",
    "backward": "#ff9f61",
    "selection": "#5bd6a6",
}
CSS: Final = Path(__file__).with_name("graph.css").read_text(encoding="utf-8")
"""The style sheet of the SVG pictures; it needs the variables or nothing."""
