"""Which number of a result with several is looked at: their sum, one element, or vᵀf."""

from __future__ import annotations

import itertools
from typing import Final

import streamlit as st

from viz.page import state
from viz.page.language import _

MOST: Final = 64
"""Elements of a result that may be chosen one by one."""


def choices(now: state.Session) -> tuple[str, ...]:
    """What may be looked at, in the words of `Curve.of`; one alone where the result is a number."""
    value = now.trace.value if now.trace else None
    if value is None or value.size < 2:
        return ("value",)
    places = itertools.product(*(range(side) for side in value.shape))
    elements = [f"[{', '.join(map(str, place))}]" for place in itertools.islice(places, MOST)]
    return ("sum", *(["gradient"] if now.view.gradient else []), *elements)


def shown_of(now: state.Session) -> str:
    """What is looked at now: as chosen, while the result has it."""
    possible = choices(now)
    return now.view.of if now.view.of in possible else possible[0]


def choose_of(now: state.Session, key: str) -> None:
    """The control, where there is a choice."""
    possible = choices(now)
    if len(possible) > 1:
        st.selectbox(
            _("Of the result"),
            possible,
            index=possible.index(shown_of(now)),
            format_func=lambda of: {"sum": _("the sum"), "gradient": "vᵀf"}.get(of, f"f{of}"),
            key=key,
            width=140,
            on_change=lambda: state.change(of=st.session_state[key]),
        )
