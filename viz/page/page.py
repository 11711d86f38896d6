"""The page: code, inputs and a lesson's words on the left; on the right the graph, and below it
curve, surface, Jacobian, steps and code.

`page()` is one run of the script. All but the head and the sidebar is one fragment, so that typing,
dragging and opening folds run nothing else. The graph is sent first: it is what everybody waits
for. So the first run of a session sends what stands around it and no more; when the browser shows
it, another run sends the rest, above all the figures, whose library takes the browser longer than
everything else together.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viz.page import components
from viz.page.asking.again import again
from viz.page.asking.answers import AWAKE, Traced, shown, traced
from viz.page.calculus.curve import curve
from viz.page.calculus.surface import clicked
from viz.page.components.first import FirstPicture
from viz.page.components.shell import Shell
from viz.page.components.sights import Sights
from viz.page.components.texts import FOREIGN, TEXTS
from viz.page.graph.files import files
from viz.page.graph.graph import graph
from viz.page.lower import Maker, lower
from viz.page.masthead import masthead
from viz.page.serving.delivered import delivered
from viz.page.session import held, state
from viz.page.session.language import LANGUAGES, _, preferred, speak, spoken
from viz.page.session.sights import FOLLOWED
from viz.page.sidebar import confinement, sidebar
from viz.page.writing import editor, results
from viz.page.writing.lesson import lecture, lesson
from viz.page.writing.messages import notices_of
from viz.records import Program

UNSEEN: Final[dict[str, Any]] = {
    "step": None, "speed": 1.0, "look": (), "card": None, "legend": False,
    "sidebar": False,
}  # fmt: skip
"""What of a view only the browser knows, as a link begins with it."""
MOMENT: Final = 0.02
"""Seconds that a browser has for a new picture alone: what comes in one go it shows in one go, all
words and figures with it, half as late again.
"""
HERE: Final = Path(__file__).resolve().parent


def page() -> None:
    """One run of the page's script."""
    now = state.session()
    with now.running():
        _whole(now)
    delivered()


def _whole(now: state.Session) -> None:
    now.rerun_page = False  # this is the whole page
    speak(now.view.language or preferred(st.context.locale))
    components.show(
        Shell(
            texts={template: _(template) for template in (*TEXTS, *FOREIGN)},
            language=LANGUAGES[spoken()].tag,
            present=now.view.present,
            title="Autograd Explorer",
            session=now.name,
            adopted=now.adopted,
            backs=now.backs,
        ),
        on_held_change=held.adopt,
        on_back_change=held.came_back,
    )
    aside = not now.view.bare and (now.complete or now.view.sidebar)
    if aside:
        with st.sidebar:
            sidebar(now)
    if not now.view.bare:
        masthead(now)
    _body(spoken())
    if aside:
        with st.sidebar:
            confinement()
    if not now.complete:
        # shown after a while by its style alone, where the page's own scripts did not arrive
        late = _(
            "Still loading. If nothing follows, reload the page: its address holds what you see."
        )
        st.html(f'<p class="late" role="status">{escape(late)}</p>')
        # that the page runs is all that is asked of the browser
        components.show(FirstPicture(now.name), on_there_change=lambda: None)
    now.complete = True


def dress() -> None:
    """The page's styles, before all that they hold for."""
    now = state.session()
    styles = ["theme.css"]
    styles += ["present.css"] if now.view.present else ["embed.css"] if now.view.embed else []
    st.html(f"<style>{''.join(map(_style, styles))}</style>")


@cache
def _style(name: str) -> str:
    return (HERE / name).read_text("utf-8")


@st.fragment
def _body(language: str) -> None:
    speak(language)
    now = state.session()
    with now.running():
        _parts(now)


def _parts(now: state.Session) -> None:
    """All but head and sidebar."""
    open_lesson = state.opened(now.view)
    renamed = not now.view.bare and now.headed != (open_lesson.key if open_lesson else None)
    if now.rerun_page or renamed:  # the head names the lesson
        st.rerun()
    first = st.empty()
    with st.container(key="rounds"):
        rounds = st.empty()
    asked = _first(now, first) if now.program is None else traced(now, rounds)
    remember(now, asked)
    if now.view.embed:
        _embedded(now, asked)
    else:
        _bench(now, asked)
    if now.complete:
        _sights(now)
    again(now)
    now.ended = 0  # nothing is under way any more


def _first(now: state.Session, place: DeltaGenerator) -> Traced:
    """The session's first answer, which is awaited where nothing stands yet, and can be stopped."""
    # the very first question of a server waits some seconds for torch
    words = _("Running …") if AWAKE.is_set() else _("PyTorch is waking up …")
    with place.container(key="waiting"), st.spinner(words):
        rounds = st.empty()
        st.button(_("Stop"), key="stop", on_click=now.end)
        asked = traced(now, rounds)
    place.empty()
    return asked


def _sights(now: state.Session) -> None:
    """What is followed of the figures (key `sights`)."""
    components.show(
        Sights(dict(FOLLOWED), now.edition, clicked="map"),
        on_sight_change=state.looked,
        on_place_change=clicked,
    )


def _embedded(now: state.Session, asked: Traced) -> None:
    """Graph and curve alone; what is wrong stands in their place."""
    for notice in notices_of(now, asked):
        st.html(notice.markup())
    graph(now, asked)
    _drawn_later(now, asked, curve)


def _bench(now: state.Session, asked: Traced) -> None:
    """What is typed and its words on the left, on the right what is shown of it."""
    with st.container(key="bench"):
        left, right = st.columns([29, 71], gap="small")
        with right:
            before = now.drawn
            graph(now, asked)
        if now.complete and now.drawn is not before:
            time.sleep(MOMENT)
        with left:
            if now.view.present:
                lecture(now)
            editor.editor(now, asked, address(now, asked.program))
            editor.refusal(now, asked)
            editor.inputs(now, asked)
            editor.errors(now, asked)
            if now.view.present:
                _drawn_later(now, asked, curve)
            else:
                lesson(now, asked)
            if asked.trace is now.trace:  # of an older run nothing stays as if it were new
                results.printed(now)
        if not now.view.present:
            with right, st.container(key="lower"):
                _drawn_later(now, asked, lower)
                if now.complete:
                    files(now)  # of the curve, too, that was just drawn


def _drawn_later(now: state.Session, asked: Traced, make: Maker) -> None:
    """What has figures, its place alone as long as the browser does not show the first picture."""
    if now.complete:
        make(now, asked)
    else:
        st.html('<div class="later"></div>')


def remember(now: state.Session, asked: Traced) -> None:
    """Keeps the program that was accepted, and the trace, also of a run that failed on its way.

    What ran is of the text that stands there; a text that does not run leaves the last picture.
    """
    if asked.program is not None and asked.problem is None:
        now.program = asked.program
    if asked.trace is not None and asked.trace is not now.trace:
        now.trace = asked.trace
        shown().note(now)


def address(now: state.Session, accepted: Program | None = None) -> str:
    """The query string that opens this very view; the browser adds how its player stands.

    Its inputs are those of the text that stands there, where that is `accepted`, whether or not it
    has run; else those of what ran last, and of a link that never ran all that it brought.
    """
    program = accepted or now.program
    names = tuple(input.name for input in program.inputs) if program else tuple(now.view.texts)
    return urlencode(state.link(replace(now.view, **UNSEEN), names))
