"""The page's head: what this is in one line, the lessons, the language, lecture mode."""

from __future__ import annotations

from html import escape

import streamlit as st

from viz.lessons import GROUPS, KEYS, Lesson, LessonGroup, head, lesson
from viz.lessons.practice import LEVELS
from viz.page import components
from viz.page.components.course import CourseOverview, ListedGroup, ListedLesson
from viz.page.components.received import Act, received
from viz.page.session import state
from viz.page.session.language import LANGUAGES, _, plain, spoken
from viz.page.writing.lesson import open_own, start


def masthead(now: state.Session) -> None:
    """One row (key `masthead`); on a phone its parts stand one below the other."""
    with st.container(
        key="masthead", horizontal=True, vertical_alignment="center", horizontal_alignment="right"
    ):
        told = _("Type your own function and watch PyTorch's autograd at work.")
        st.html(f"<header><h1>Autograd Explorer</h1><p>{escape(told)}</p></header>")
        _lessons(now)
        _course(now)
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
    now.headed = headed = shown.key if shown else None

    def choose(key: str | None) -> None:
        if now.headed == headed:  # else the choice belongs to a head that stands no more
            _start(key)

    st.selectbox(
        _("Lessons"),
        options=list(titles),
        index=list(titles).index(shown.key) if shown and shown.key in titles else None,
        format_func=lambda key: titles.get(key, key),
        placeholder=_("Choose a lesson"),
        label_visibility="collapsed",
        width=270,
        **state.turned(f"lesson-{headed}", choose),
    )


def _start(key: str | None) -> None:
    chosen = lesson(key or "", spoken())
    if chosen is None:
        state.change(lesson=None)
    else:
        start(chosen)


def _course(now: state.Session) -> None:
    """The button that opens the list of all lessons (key `course`)."""
    components.show(
        CourseOverview(
            groups=listed(),
            levels=tuple(_(name) for name, _drawn in LEVELS),
            quiz=tuple(_row(of) for key in now.view.quiz if (of := state.named(key))),
        ),
        on_act_change=lambda: _chosen(now),
    )


def listed() -> tuple[ListedGroup, ...]:
    """All lessons in the spoken language."""
    return tuple(map(_listed, GROUPS))


def _listed(group: LessonGroup) -> ListedGroup:
    code = spoken()
    found = [of for key in group.lessons if (of := lesson(key, code))]
    return ListedGroup(*group.words(code), tuple(map(_row, found)))


def _row(of: Lesson) -> ListedLesson:
    return ListedLesson(
        of.key,
        of.title,
        of.head.learns,
        of.head.minutes,
        tuple(before.title for key in of.head.needs if (before := head(key, spoken()))),
        len(of.tasks),
    )


def _chosen(now: state.Session) -> None:
    """A lesson, an exercise, or a file of somebody's own was chosen in the list."""
    act = received("course", "act", Act)
    if act is None:
        return
    if act.does == "leave":
        state.change(quiz=())
        now.rerun_page = True
    elif act.does == "own":
        open_own(now, act.what)
    elif act.does == "lesson" and (chosen := state.named(act.what)) is not None:
        start(chosen)


def _languages() -> None:
    st.segmented_control(
        _("Language"),
        options=list(LANGUAGES),
        default=spoken(),
        required=True,
        format_func=lambda code: plain(LANGUAGES[code].name),
        label_visibility="collapsed",
        width="content",
        **state.turning("language"),
    )
