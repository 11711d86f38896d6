"""How wide a text is at most, whatever the browser writes it with.

A server may have no fonts at all, and the browser that shows the picture takes the first that it
has of a list: so cards are sized from published advance widths, each letter's the widest of
Helvetica (and what has its measures: Arial, Liberation Sans), DejaVu Sans (and Verdana) and Noto
Sans, upright and slanted. The same records give the same picture everywhere, and no text leaves its
card anywhere. Wide characters (Chinese, Japanese, Korean) take one em.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

BOLD: Final = 75
"""How much wider a bold letter is, in thousandths of an em."""
BEGINNING: Final = 4
"""Letters of a name's beginning that stay as long as any of its end does."""

# advance widths in thousandths of an em, by character
_ADVANCES: Final = {
    240: "′",
    280: "'ijl",
    320: " ,.·",
    340: ":;I",
    360: "fι",
    380: "-/\\",
    400: "()[]t",
    420: "!r″¹²³⁰⁴⁵⁶⁷⁸⁹ⁿ₀₁₂₃₄₅₆₇₈₉",
    460: '"',
    500: "J`",
    520: "∂ℓ",
    540: "sz⁻",
    560: "*?L_c|εζνξ",
    580: "kΓ",
    600: "vxy‴γκλςχ",
    620: "FTaeoΤδθοτυ",
    640: "$0123456789bdghnpqu{}√Σβημρσ",
    660: "Ξα",
    680: "EKPSYΕΚΡΥ",
    700: "ABVXZΑΒΔΖΛΧπ",
    740: "CRUφ",
    760: "HNΗΝΠ",
    780: "&DGψ",
    800: "OQΘΟΩ",
    820: "w",
    840: "#+<=>^~−×÷±∞≤≥≠⊙ΦΨω",
    920: "MΜ",
    960: "%",
    980: "m",
    1000: "W…→",
    1020: "@",
}
_WIDTHS: Final = {letter: width for width, letters in _ADVANCES.items() for letter in letters}
_NARROWEST: Final = min(_ADVANCES)
_OTHER: Final = 700
_WIDE: Final = 1000


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of `text` in points at a font of `size` points."""
    return (sum(map(_advance, text)) + (BOLD * len(text) if bold else 0)) * size / 1000


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


def fitted_name(name: str, size: float, room: float, *, bold: bool = False) -> str:
    """`name`, cut where it was cut already or in the middle: of two names that begin alike the ends
    tell. A few of its first letters stay."""
    over = width(name, size, bold=bold) - room - 0.5
    if over <= 0:
        return name
    half = len(name) // 2
    head, cut, tail = name.partition("…") if "…" in name else (name[:half], "", name[half:])
    over += 0.0 if cut else width("…", size, bold=bold)
    while over > 0 and (head or tail):
        if len(head) > BEGINNING or not tail:
            over -= width(head[-1], size, bold=bold)
            head = head[:-1]
        else:
            over -= width(tail[0], size, bold=bold)
            tail = tail[1:]
    return f"{head}…{tail}"
