"""How wide a text is in Helvetica or Arial, without asking for a font.

A server may have no fonts at all, and the browser that shows the picture has its own: so cards are
sized from the fonts' published advance widths, and the same records give the same picture
everywhere. Wide characters (Chinese, Japanese, Korean) take one em.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

BOLD: Final = 1.08
"""How much wider bold letters are, on average."""

# advance widths in thousandths of an em, by character
_ADVANCES: Final = {
    222: "ijl'",
    278: " !,./:;[\\]Ift|",
    333: "()-`r{}",
    370: '"*·',
    500: "ckszvxyJ^",
    556: "0123456789#$?_abdeghnopquL",
    584: "+<=>~×÷−±",
    611: "FTZ∂",
    667: "&ABEKPSVXY",
    722: "CDHNRUw∞",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…",
    1015: "@",
}
_WIDTHS: Final = {letter: width for width, letters in _ADVANCES.items() for letter in letters}
_NARROWEST: Final = min(_ADVANCES)
_OTHER: Final = 620
_WIDE: Final = 1000


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of `text` in points at a font of `size` points."""
    return sum(map(_advance, text)) * size / 1000 * (BOLD if bold else 1)


@lru_cache(maxsize=4096)
def _advance(letter: str) -> int:
    known = _WIDTHS.get(letter)
    if known is not None:
        return known
    if unicodedata.combining(letter):
        return 0
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """`text`, cut with `…` where it is wider than `room` points."""
    longest = int(room / (_NARROWEST * size / 1000)) + 1  # letters that could ever fit
    if len(text) <= longest and width(text, size, bold=bold) <= room + 0.5:
        return text
    left = room - width("…", size, bold=bold)
    kept = 0
    for letter in text:  # once through, whatever is asked for
        left -= width(letter, size, bold=bold)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"
