"""The page's head: what this is in one line, the lessons, the language, lecture mode."""

from __future__ import annotations

from html import escape

import streamlit as st

from viz.lessons import KEYS, head, lesson
from viz.page.session import state
from viz.page.session.language import LANGUAGES, _, spoken
from viz.page.writing.lesson import start


def masthead(now: state.Session) -> None:
    """One row (key `masthead`); on a phone its parts stand one below the other."""
    with st.container(
        key="masthead", horizontal=True, vertical_alignment="center", horizontal_alignment="right"
    ):
        told = _("Type your own function and watch PyTorch's autograd at work.")
        st.html(f"<header><h1>Autograd Explorer</h1><p>{escape(told)}</p></header>")
        _lessons(now)
        _languages()
        st.button(
            _("Lecture mode"),
            help=_("Graph, code and curve fill the screen; a clicker steps. Esc leads back."),
            on_click=lambda: state.change(present=True),
        )


def _lessons(now: state.Session) -> None:
    heads = {key: head(key, spoken()) for key in KEYS}
    titles = {key: found.title for key, found in heads.items() if found is not None}
    shown = state.opened(now.view)
    now.headed = shown.key if shown else None
    key = f"lesson-{now.edition}-{now.headed}"
    st.selectbox(
        _("Lessons"),
        options=list(titles),
        index=list(titles).index(shown.key) if shown and shown.key in titles else None,
        format_func=lambda key: titles.get(key, key),
        placeholder=_("Choose a lesson"),
        label_visibility="collapsed",
        width=270,
        key=key,
        on_change=_start,
        args=(key,),
    )


def _start(key: str) -> None:
    chosen = lesson(st.session_state[key] or "", spoken())
    if chosen is None:
        state.change(lesson=None)
    else:
        start(chosen)


def _languages() -> None:
    key = state.control("language")
    st.segmented_control(
        _("Language"),
        options=list(LANGUAGES),
        default=spoken(),
        required=True,
        format_func=lambda code: LANGUAGES[code].name,
        label_visibility="collapsed",
        width="content",
        key=key,
        on_change=lambda: state.change(language=st.session_state[key]),
    )
