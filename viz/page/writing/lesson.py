"""The open lesson beside its program (key `lesson`): a few words, things to try, a question.

It stays while one edits the program; its trials put the lesson's own program back where they
need it. The first screen is the first lesson.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

import streamlit as st

from viz.lessons import LESSONS, Lesson, Trial
from viz.page.session import state
from viz.page.session.language import _

CODE: Final = re.compile(r"`([^`]+)`")


def lesson(now: state.Session) -> None:
    """The open lesson; nothing if there is none."""
    shown = state.opened(now.view)
    if shown is None:
        return
    with st.container(key="lesson", gap="small"):
        st.html(_prose(shown))
    with st.container(key="trials", gap="small"):
        if now.view.source != shown.source or dict(now.view.texts) != dict(shown.inputs):
            st.button(
                _("Start this lesson again"),
                key=f"again-{shown.key}",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=start,
                args=(shown,),
            )
        for place, trial in enumerate(shown.trials):
            st.button(
                _(trial.label),
                key=f"try-{shown.key}-{place}",
                type="tertiary",
                icon=":material/science:",
                on_click=attempt,
                args=(shown, trial),
            )
        if shown.question:
            st.html(_asked(shown))
        following = LESSONS.index(shown) + 1
        if following < len(LESSONS):
            coming = LESSONS[following]
            st.button(
                _("Next: {title}").replace("{title}", _(coming.title)),
                key=f"next-{shown.key}",
                type="tertiary",
                icon=":material/arrow_forward:",
                on_click=start,
                args=(coming,),
            )


def lecture(now: state.Session) -> None:
    """Lecture mode's own row (key `lecture`): the lesson's title, the next lesson, the way out."""
    shown = state.opened(now.view)
    with st.container(key="lecture", horizontal=True, vertical_alignment="center"):
        st.html(f"<h1>{escape(_(shown.title) if shown else 'Autograd Explorer')}</h1>")
        following = LESSONS.index(shown) + 1 if shown else len(LESSONS)
        if following < len(LESSONS):
            coming = LESSONS[following]
            st.button(
                "",
                key=f"lecture-{coming.key}",
                type="tertiary",
                icon=":material/arrow_forward:",
                help=_("Next: {title}").replace("{title}", _(coming.title)),
                on_click=start,
                args=(coming,),
            )
        st.button(
            "",
            key="leave",
            type="tertiary",
            icon=":material/close:",
            help=_("Leave lecture mode (Esc)"),
            on_click=state.leave_lecture,
        )


def start(chosen: Lesson) -> None:
    """Puts a lesson up: its program, its inputs, and what belongs to it."""
    state.show(
        chosen.source,
        dict(chosen.inputs),
        lesson=chosen.key,
        order=chosen.order,
        graph_order=chosen.graph_order,
        gradient=None,
        tab=chosen.tab,
    )


def attempt(shown: Lesson, trial: Trial) -> None:
    """Does what a trial says. Inputs alone leave the program as it was edited."""
    now = state.session()
    texts = {**(shown.inputs if trial.source else now.view.texts), **trial.inputs}
    named = bool(trial.source or not trial.inputs)
    state.show(
        (trial.source or shown.source) if named else now.view.source,
        texts,
        lesson=shown.key,
        graph_order=trial.graph_order,
        gradient=trial.gradient,
    )


def _prose(shown: Lesson) -> str:
    paragraphs = "".join(f"<p>{marked(_(text))}</p>" for text in shown.text)
    return f'<article class="lesson"><h2>{escape(_(shown.title))}</h2>{paragraphs}</article>'


def _asked(shown: Lesson) -> str:
    return (
        f'<details class="lesson"><summary>{marked(_(shown.question))}</summary>'
        f"<p>{marked(_(shown.answer))}</p></details>"
    )


def marked(text: str) -> str:
    """A paragraph as HTML: escaped, what stands in backticks as code."""
    return CODE.sub(r"<code>\1</code>", escape(text, quote=False))
