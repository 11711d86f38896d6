"""What the tabs share: which number of a result is looked at, and sentences below figures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from viz.drawing.texts import called
from viz.errors import ExplorerError
from viz.page.asking.answers import Traced
from viz.page.session import state
from viz.page.session.language import _, plain, told
from viz.program import check_gradient
from viz.records import Message

MOST: Final = 64
"""Elements of a result that may be chosen one by one."""
AT_ONCE: Final = 6
"""Sentences that are shown at once; the others open."""
SMALL: Final = "margin:0;font-size:0.875rem;line-height:1.55;opacity:0.8;overflow-wrap:anywhere"


def said(*messages: Message) -> None:
    """Sentences below a figure, a line each, escaped: they may hold what typed code raised."""
    lines = [f'<p style="{SMALL}">{escape(told(message))}</p>' for message in messages]
    shown = "".join(lines[:AT_ONCE])
    if len(lines) > AT_ONCE:
        more = _("{count} more").replace("{count}", str(len(lines) - AT_ONCE))
        rest = "".join(lines[AT_ONCE:])
        summary = f'<summary style="{SMALL};cursor:pointer">{escape(more)}</summary>'
        shown += f"<details>{summary}{rest}</details>"
    if shown:
        st.html(f"<div>{shown}</div>")


def awaits_program(asked: Traced, otherwise: str) -> None:
    """Says why a tab has nothing to show: the text is to be mended first, or `otherwise`."""
    if asked.problem is not None and (asked.program is None or asked.problem.input is not None):
        st.caption(_("This code cannot run yet: correct it above, and this opens."))
    elif asked.problem is not None:
        st.caption(_("This opens when the code has run to its end."))
    elif asked.program is not None and asked.program.kind == "script":
        st.caption(_("A script runs once, from top to bottom: give it a function to look at."))
    else:
        st.caption(plain(otherwise))


def choices(now: state.Session) -> tuple[str, ...]:
    """What may be looked at, in the words of `Curve.of`; one alone where the result is a number."""
    value = now.trace.value if now.trace else None
    if value is None or value.size < 2:
        return ("value",)
    first = (_place(value.shape, index) for index in range(min(value.size, MOST)))
    elements = [f"[{', '.join(map(str, place))}]" for place in first]
    return ("sum", *(["gradient"] if now.view.gradient else []), *elements)


def _place(shape: Sequence[int], index: int) -> list[int]:
    """Where the element of this number stands, row-major, whatever sizes the shape speaks of."""
    place: list[int] = []
    for side in reversed(shape):
        index, here = divmod(index, side)
        place.append(here)
    return place[::-1]


def shown_of(now: state.Session) -> str:
    """What is looked at now: as chosen, while the result has it."""
    possible = choices(now)
    return now.view.of if now.view.of in possible else possible[0]


def weights_of(now: state.Session) -> str | None:
    """The text of `gradient=`, where the product with it is what is looked at."""
    if shown_of(now) != "gradient" or not now.view.gradient:
        return None
    try:
        return check_gradient(now.view.gradient)
    except ExplorerError:
        return None


def choose_of(now: state.Session, name: str) -> None:
    """The control, where there is a choice."""
    possible, function = choices(now), called(now.program)
    named = {"sum": _("the sum"), "gradient": f"vᵀ{function}"}
    if len(possible) > 1:
        st.selectbox(
            _("Part of the result"),
            possible,
            index=possible.index(shown_of(now)),
            format_func=lambda of: named.get(of, f"{function}{of}"),
            width=140,
            **state.turning(name, "of"),
        )
