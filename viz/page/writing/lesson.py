"""The open lesson beside its program (key `lesson`): its words, questions, things to try.

It stays while one edits the program; its trials put the lesson's own program back where they
need it. The first screen is a lesson. Words, questions and answers are the browser's; what they ask
of the page comes back as an `Act`.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Final

import streamlit as st

from viz.drawing.texts import called, tensor
from viz.errors import LessonRejected
from viz.lessons import TABS, Lesson, Trial, Variation, following, head, read
from viz.lessons.examining import settings
from viz.lessons.practice import KEY
from viz.page import components
from viz.page.asking.answers import Traced, text_of
from viz.page.components.lesson import LessonPart, LessonText
from viz.page.components.received import Act, received
from viz.page.session import state
from viz.page.session.language import _, plain, spoken
from viz.page.session.links import OWN
from viz.page.writing.tasks import asked_task, runs

MOST_GRADIENTS: Final = 20
"""Gradients that are told beside a lesson whose program runs otherwise."""


def lesson(now: state.Session, asked: Traced) -> None:
    """The open lesson; nothing if there is none."""
    shown = state.opened(now.view)
    if shown is None:
        return
    with st.container(key="words", gap="small"):
        if not exact(now, shown):
            words = escape(" ".join(varied(now, asked, shown)))
            st.html(f'<p class="notice" role="status">{words}</p>')
        components.show(_text(now, shown), on_act_change=lambda: acted(now))
    with st.container(key="trials", gap="small"):
        if not exact(now, shown):
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
                plain(trial.label),
                key=f"try-{shown.key}-{place}",
                type="tertiary",
                icon=":material/science:",
                on_click=attempt,
                args=(shown, trial),
            )
        _onward(shown, "next", told=True)


def varied(now: state.Session, asked: Traced, shown: Lesson) -> Iterator[str]:
    """What holds now that another run than the lesson's own is up, and which its words speak of."""
    program, trace = asked.program, asked.trace
    parts = [f"{of.name} = {text_of(now.view, of)}" for of in program.inputs] if program else []
    if trace is not None and trace.failure is None:
        digits = now.view.display.digits
        if trace.value is not None and trace.program.kind != "script":  # which has no f
            parts.append(f"{called(program)} = {tensor(trace.value, digits)}")
        parts += [
            _("gradient of {name}: {value}")
            .replace("{name}", name)
            .replace("{value}", tensor(gradient, digits))
            for name, gradient in islice(trace.gradients.items(), MOST_GRADIENTS)
            if gradient is not None
        ]
    if parts:
        yield _("Now: {parts}.").replace("{parts}", _("; ").join(parts))
    own = ", ".join(f"{name} = {text}" for name, text in shown.inputs.items())
    if own and now.view.source == shown.source:
        yield _("The words below speak of {own}.").replace("{own}", own)
    else:
        yield _("The words below speak of the lesson's own program.")


def _onward(shown: Lesson | None, key: str, *, told: bool) -> None:
    """The button that leads to the next lesson, if there is one."""
    coming = state.named(_after(shown.key, state.session().view.quiz)) if shown else None
    if shown is None or coming is None:
        return
    label = plain(_("Next: {title}").replace("{title}", coming.title))
    st.button(
        label,
        key=f"{key}-{shown.key}",
        type="tertiary",
        icon=":material/arrow_forward:",
        help=None if told else label,
        on_click=start,
        args=(coming,),
    )


def _after(key: str, quiz: tuple[str, ...]) -> str:
    """The key of what comes after a lesson: in a quiz its next part, after an exercise another one
    of its level."""
    if key in quiz:
        return next(iter(quiz[quiz.index(key) + 1 :]), "")
    found = KEY.fullmatch(key)
    if found is None:
        return following(key) or ""
    return f"practice-{found[1]}-{(int(found[2]) * 7919 + 1) % 100_000}"


def lecture(now: state.Session) -> None:
    """Lecture mode's own row (key `lecture`): the lesson's title, the next lesson, the way out."""
    shown = state.opened(now.view)
    with st.container(key="lecture", horizontal=True, vertical_alignment="center"):
        st.html(f"<h1>{escape(shown.title if shown else 'Autograd Explorer')}</h1>")
        _onward(shown, "lecture", told=False)
        st.button(
            _("Leave lecture mode (Esc)"),
            key="leave",
            type="tertiary",
            icon=":material/close:",
            help=_("Leave lecture mode (Esc)"),
            on_click=state.leave_lecture,
        )


def exact(now: state.Session, shown: Lesson) -> bool:
    """Whether the lesson's own program with its own inputs is what is up."""
    own = state.begun(shown)
    texts = {name: now.view.texts.get(name) for name in own.texts}
    return (
        now.view.source == own.source
        and texts == dict(own.texts)
        and now.view.gradient is None
        and now.view.graph_order == own.graph_order
        and now.view.seed == own.seed
    )


def concealed(now: state.Session) -> bool:
    """Whether the open lesson's program fails on purpose and its reader was not yet asked why."""
    shown = state.opened(now.view)
    return (
        shown is not None
        and bool(shown.head.fails)
        and shown.key not in now.told
        and exact(now, shown)
    )


def _text(now: state.Session, shown: Lesson) -> LessonText:
    parts, number = [], 0
    for section in shown.parts:
        if isinstance(section, tuple):
            parts.append(LessonPart(runs(section)))
        elif not isinstance(section, Trial):
            parts.append(LessonPart((), asked_task(now, shown, number)))
            number += 1
    return LessonText(
        key=shown.key,
        title=shown.title,
        about=_about(shown),
        parts=tuple(parts),
        exact=exact(now, shown),
        veiled=now.view.lesson is not None,
        fails=bool(shown.head.fails),
        quiz=_part(shown.key, now.view.quiz),
    )


def _part(key: str, quiz: tuple[str, ...]) -> str:
    """Which part of a quiz a lesson is; nothing if of none."""
    if key not in quiz:
        return ""
    said = _("Quiz, part {part} of {parts}").replace("{parts}", str(len(quiz)))
    return said.replace("{part}", str(quiz.index(key) + 1))


def _about(shown: Lesson) -> str:
    """How long it takes, what one learns, what comes before."""
    before = [found.title for key in shown.head.needs if (found := head(key, spoken()))]
    parts = [_("{minutes} min").replace("{minutes}", str(shown.head.minutes)), shown.head.learns]
    if before:
        parts.append(_("Before it: {lessons}").replace("{lessons}", _("; ").join(before)))
    return " · ".join(parts)


def acted(now: state.Session) -> None:
    """A word, an answer or the overview asks something of the page."""
    act = received("lesson", "act", Act)
    shown = state.opened(now.view)
    if act is None or shown is None:
        return
    if act.does == "put":
        state.show(now.view.source, {**now.view.texts, **settings(act.what)}, lesson=shown.key)
    elif act.does == "tab" and act.what in TABS:
        state.change(tab=act.what)
    elif act.does == "lesson" and (chosen := state.named(act.what)) is not None:
        start(chosen)
    elif act.does == "reveal":
        now.told.add(shown.key)
    elif act.does == "play" and act.number < len(shown.tasks):
        attempt(shown, shown.tasks[act.number])


def open_own(now: state.Session, text: str) -> None:
    """Opens the text of a lesson of somebody's own, or says what is wrong with it."""
    try:
        chosen = read(OWN, text)
    except LessonRejected as error:
        now.problems = (state.of_file(error.problem),)
        return
    state.change(own=text)
    start(chosen)


def start(chosen: Lesson) -> None:
    """Puts a lesson up: its program, its inputs, and what belongs to it."""
    begun = state.begun(chosen)
    own = state.session().view.own if chosen.key == OWN else ""
    state.show(
        begun.source,
        dict(begun.texts),
        lesson=chosen.key,
        own=own,
        ask=begun.ask,
        seed=begun.seed,
        order=begun.order,
        graph_order=begun.graph_order,
        gradient=None,
        tab=begun.tab,
    )


def attempt(shown: Lesson, variation: Variation) -> None:
    """Puts a variation up. Inputs alone leave the program as it was edited."""
    now = state.session()
    other = variation.source is not None or bool(variation.replace)
    texts = {**(shown.inputs if other else now.view.texts), **variation.set}
    named = other or not variation.set
    state.show(
        shown.source_of(variation) if named else now.view.source,
        texts,
        lesson=shown.key,
        graph_order=variation.graph_order or 1,
        gradient=variation.gradient,
    )
