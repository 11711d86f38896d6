"""Texts within a drawing area and where they stand, and what has been drawn into it before."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from msgspec import structs

from viz.records import Mark
from viz.tracing.typed.plot.bars import DrawnBars, ends, said
from viz.tracing.typed.plot.drawn import DrawnMark
from viz.tracing.typed.plot.further import PatchShape, line_words
from viz.tracing.typed.plot.styles import Style, text_of
from viz.tracing.typed.type_stand_ins import Frozen

_ACROSS: Final = {"left": "left", "center": "center", "right": "right"}
_UP: Final = {
    "top": "top", "center": "middle", "center_baseline": "middle", "baseline": "bottom",
    "bottom": "bottom",
}  # fmt: skip


class AreaShares(Frozen):
    """`ax.transAxes`: places are told in shares of the area."""

    __slots__ = ()


def anchor_of(words: dict[str, Any]) -> tuple[str, str]:
    """`ha=` and `va=`; raises `ValueError` as matplotlib does."""
    across = words.get("ha", words.get("horizontalalignment", "left"))
    up = words.get("va", words.get("verticalalignment", "baseline"))
    for value, known in ((across, _ACROSS), (up, _UP)):
        if value not in tuple(known):
            told = ", ".join(map(repr, known))
            raise ValueError(f"{text_of(value, 40)!r} is not a valid alignment; supported: {told}")
    return _ACROSS[across], _UP[up]


class LabelWords(Frozen):
    """What an area writes into itself, and tells of what it holds."""

    __slots__ = ()

    _drawing: Any

    @property
    def transAxes(self) -> AreaShares:
        """What places in shares of the area are told with."""
        return AreaShares()

    def text(self, x: float, y: float, s: Any, *_fonts: Any, **words: Any) -> DrawnMark:
        """A text at a place."""
        style = Style(color=Style.of(color=words.get("color")).color, label=text_of(s))
        drawn: DrawnMark = self._drawing.add(
            "text",
            [float(x)],
            [float(y)],
            style,
            anchor=anchor_of(words),
            shares=isinstance(words.get("transform"), AreaShares),
        )
        return drawn

    def annotate(
        self, text: Any, xy: Any, xytext: Any = None, *_ways: Any, **words: Any
    ) -> DrawnMark:
        """A text, with an arrow to what it speaks of."""
        at = xy if xytext is None or words.get("textcoords") else xytext
        xs, ys = [float(at[0])], [float(at[1])]
        if words.get("arrowprops") is not None:
            xs.append(float(xy[0]))
            ys.append(float(xy[1]))
        style = Style(color=Style.of(color=words.get("color")).color, label=text_of(text))
        drawn: DrawnMark = self._drawing.add("text", xs, ys, style, anchor=anchor_of(words))
        return drawn

    def legend(self, *given: Any, handles: Any = None, labels: Any = None, **_words: Any) -> None:
        """Shows the legend; labels given here go to the lines in their order, or to the handles,
        of which those that nothing has drawn come in.
        """
        handles = given[0] if len(given) > 1 else handles
        texts = given[-1] if given else labels
        if handles is not None:
            self._name(list(handles), None if texts is None else list(texts))
            texts = ()
        named = [mark for mark in self._drawing.marks if mark.kind not in ("text", "image")]
        for mark, label in zip(named, texts or (), strict=False):
            place = self._drawing.marks.index(mark)
            self._drawing.marks[place] = structs.replace(mark, label=text_of(label))
        self._drawing.look(legend=True)

    def _name(self, handles: list[Any], texts: list[Any] | None) -> None:
        for place, handle in enumerate(handles):
            text = texts[place] if texts is not None and place < len(texts) else None
            if isinstance(handle, PatchShape):
                words = handle._words | ({} if text is None else {"label": text})
                filled = words.get("markerfacecolor", words.get("mfc"))
                looks = {"marker": words.get("marker")} | line_words(words)
                looks |= {} if filled is None else {"color": filled}
                style = Style.of("", **looks)
                self._drawing.add("line", [math.nan], [math.nan], style)
            elif isinstance(handle, DrawnMark) and text is not None:
                handle.set_label(text)

    def bar_label(
        self, container: Any, labels: Any = None, fmt: Any = "%g", **words: Any
    ) -> list[DrawnMark]:
        """How long each bar is, written beyond its end, or in its middle."""
        if not isinstance(container, DrawnBars):
            raise TypeError("bar_label takes what bar has given: use bars = plt.bar(x, y)")
        within = words.get("label_type") == "center"
        written: list[DrawnMark] = []
        for place, (x, y, length) in enumerate(ends(container, 0.5 if within else 1.0)):
            label = said(fmt, length) if labels is None else labels[place]
            beyond = ("center", "center") if within else _beyond(container._of[-1], length < 0)
            look = {"color": words.get("color"), "ha": beyond[0], "va": beyond[1]}
            written.append(self.text(x, y, label, **look))
        return written

    @property
    def containers(self) -> list[DrawnBars]:
        """Its rows of bars."""
        return list(self._drawing.given)

    @property
    def patches(self) -> list[Any]:
        """Its bars, one by one."""
        return [bar for bars in self.containers for bar in bars]

    @property
    def lines(self) -> list[DrawnMark]:
        """Its lines."""
        return _marks(self._drawing, lambda mark: mark.kind == "line")[0]

    def get_lines(self) -> list[DrawnMark]:
        """The same."""
        return self.lines

    def get_legend_handles_labels(self) -> tuple[list[DrawnMark], list[str]]:
        """What a legend names, and how."""
        return _marks(self._drawing, lambda mark: bool(mark.label) and mark.kind != "text")


def _marks(drawing: Any, is_meant: Callable[[Mark], bool]) -> tuple[list[DrawnMark], list[str]]:
    found = [place for place, mark in enumerate(drawing.marks) if is_meant(mark)]
    labels = [str(drawing.marks[place].label) for place in found]
    return [drawing.again(place) for place in found], labels


def _beyond(stands: bool, is_below: bool) -> tuple[str, str]:
    """How a text stands beyond a bar's end."""
    if stands:
        return ("center", "top" if is_below else "bottom")
    return ("right" if is_below else "left", "center")
