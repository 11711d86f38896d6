"""The two figures of `viz/tracing/calculus/search/README.md`: samples, and the rungs of ladders.

    python benchmarks/curve_method.py

`samples.svg` is where a curve was sampled, `ladder.svg` what the rungs beside a place say. Both
are plain SVG of a few kB with rounded numbers, so that a change shows in a diff.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))

from viz import curve

ROOM = Path(__file__).parents[1] / "viz" / "tracing" / "calculus" / "search"
WIDE, HIGH, MARGIN = 640, 240, 30
LEFT_COLOUR, RIGHT_COLOUR, GREY = "#1f77b4", "#d62728", "#777"


def samples() -> str:
    """sin(x²) with a jump at 1: many samples where it bends and at the jump."""

    def function(x: torch.Tensor) -> torch.Tensor:
        return torch.where(x < 1, torch.sin(x * x), torch.sin(x * x) - 1)

    found = curve(function, -1, 4, points=41)
    across, up = _scale(-1, 4, MARGIN, WIDE - MARGIN), _scale(-2.2, 1.3, HIGH - 50, 20)
    jumps = [gap.start for gap in found.gaps if gap.kind == "jump"]
    parts = [
        _dot(across(x), up(y), LEFT_COLOUR)
        for x, y in zip(found.x, found.derivatives[0], strict=True)
    ]
    parts += [_bar(across(x), HIGH - 40, HIGH - 26, GREY) for x in found.x]
    parts += [_bar(across(x), 20, HIGH - 50, RIGHT_COLOUR) for x in jumps]
    return _picture(parts, f"{len(found.x)} samples from 41 even ones; red: the jump found")


def ladder() -> str:
    """What f says on rungs ever closer to a place, for a jump, a pole and a hole."""
    shown: list[tuple[str, Callable[[float], float]]] = [
        ("jump: a difference stays", lambda x: math.copysign(1.0, x) + x),
        ("pole: steps do not shrink", lambda x: 0.02 / x),
        ("hole: both sides meet", lambda x: math.sin(x) / x),
    ]
    parts: list[str] = []
    third = WIDE / len(shown)
    for place, (title, f) in enumerate(shown):
        middle, up = third * (place + 0.5), _scale(-2.5, 2.5, HIGH - 50, 20)
        for rung in range(6):
            for sign, colour in ((-1, LEFT_COLOUR), (1, RIGHT_COLOUR)):
                height = max(-2.5, min(2.5, f(sign * 0.8 * 3.0**-rung)))
                parts.append(_dot(middle + sign * (90 - 15 * rung), up(height), colour))
        parts += [_bar(middle, 20, HIGH - 50, GREY), _text(middle, HIGH - 34, title)]
    return _picture(parts, "Blue: from the left, red: from the right; each rung 3 times closer")


def _scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    return lambda value: start + (value - low) / (high - low) * (stop - start)


def _dot(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>'


def _bar(x: float, top: float, bottom: float, colour: str) -> str:
    return f'<path d="M{x:.1f} {top}V{bottom}" stroke="{colour}" stroke-width="0.6"/>'


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{words}</text>'


def _picture(parts: Iterable[str], words: str) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" '
        'font-family="Helvetica, Arial, sans-serif" font-size="12">'
        f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>'
    )
    return "\n".join([head, *parts, _text(WIDE / 2, HIGH - 10, words), "</svg>\n"])


if __name__ == "__main__":
    for name, picture in (("samples", samples()), ("ladder", ladder())):
        (ROOM / f"{name}.svg").write_text(picture, encoding="utf-8")
