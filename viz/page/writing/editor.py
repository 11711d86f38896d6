"""The left column: the editor, what is wrong, the inputs, and what the run printed.

The editor's data say where in the source each call stands, which lines ran how often, and what
each decision came to; the browser lights them. Lines count from 1, columns from 0 in characters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby
from typing import Final

import streamlit as st

from viz.page import components
from viz.page.asking.answers import Traced, text_of
from viz.page.components.inputs import Control, Inputs, Labels
from viz.page.components.sent import Corners
from viz.page.components.source import CallSpan, Entry, Source
from viz.page.session import state
from viz.page.session.language import _, plain
from viz.page.writing.lesson import concealed, start
from viz.page.writing.messages import Notice, asides_of, notices_of
from viz.program.checking import is_as_typed
from viz.records import Decision, Input, Program, Span, Trace

NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*\Z")
WHOLE: Final = re.compile(r"[+-]?\d+\s*\Z")
RANDOM: Final = re.compile(r"\b(rand\w*|normal|bernoulli|multinomial|dropout\w*|nn)\b")
MOST_OUTCOMES: Final = 4
"""Outcomes of one decision that are told, equal neighbours together."""
MAX_SPANS: Final = 3_000
"""Calls that the editor can light; those of a longer run beyond are not sent to the browser."""


def editor(now: state.Session, asked: Traced, address: str) -> None:
    """The text area, lit and annotated (key `source`)."""
    notice = None if concealed(now) else next(iter(notices_of(now, asked)), None)
    wrong = notice.span if notice and notice.in_source else None
    current = asked.trace if asked.problem is None else None
    # a formula that is written as on paper runs as another text: its places are not these
    fits = asked.program is None or is_as_typed(asked.program)
    now.replies += 1
    keys = _("Ctrl+Enter runs at once. Tab indents; Esc, then Tab, leaves the editor.")
    components.show(
        Source(
            text=now.view.source,
            edition=now.edition,
            place=Entry(address, now.entries, now.gone),
            label=_("Your function"),
            keys=keys,
            present=now.view.present,
            reply=now.replies,
            asked=now.asked,
            error=corners(wrong) if fits and wrong else None,
            spans=spans(current) if fits and current else (),
            counts={line.number: line.count for line in current.lines} if current else {},
            remarks=remarks(current.decisions) if current else {},
        ),
        on_text_change=state.typed,
        on_gone_change=state.went,
    )


def corners(span: Span) -> Corners:
    """A span as the browser takes it."""
    return (span.line, span.column, span.end_line, span.end_column)


def spans(trace: Trace) -> tuple[CallSpan, ...]:
    """Where the run's calls stand."""
    calls = trace.calls[:MAX_SPANS]
    return tuple(CallSpan(call.id, corners(call.span)) for call in calls if call.span)


def remarks(decisions: tuple[Decision, ...]) -> dict[int, str]:
    """Line → what its decisions came to: `True ×9, then False`."""
    by_line: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.span:
            by_line[decision.span.line].append(decision)
    return {line: outcomes(found) for line, found in by_line.items()}


def outcomes(decisions: list[Decision]) -> str:
    """The outcomes in order, equal neighbours counted; at most `MOST_OUTCOMES` groups."""
    groups = [(text, len(list(same))) for text, same in groupby(map(_outcome, decisions))]
    parts = [f"{text} ×{count}" if count > 1 else text for text, count in groups[:MOST_OUTCOMES]]
    return _(", then ").join(parts) + (" …" if len(groups) > MOST_OUTCOMES else "")


def _outcome(decision: Decision) -> str:
    value = decision.outcome
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def inputs(now: state.Session, asked: Traced) -> None:
    """One control an input (key `inputs`); nothing where nothing can be set."""
    program = asked.program or now.program
    wrong = asked.problem.input if asked.problem else None
    controls = tuple(control(now, input) for input in program.inputs) if program else ()
    random = program is not None and is_random(now, program)
    with st.container(key="values", gap=None):
        if not controls and not random:
            return
        components.show(
            Inputs(
                edition=now.edition,
                echo=now.echo,
                inputs=controls,
                seed=now.view.seed,
                random=random,
                stale=asked.program is None,
                wrong=wrong,
                labels=Labels(
                    _("Inputs"),
                    _("Value of {name}"),
                    _("Seed"),
                    _("New random numbers"),
                    _("Take the last change of {name} back"),
                ),
            ),
            on_values_change=state.moved,
        )


def control(now: state.Session, input: Input) -> Control:
    """The control of an input: a number, a whole number or a text, by what its text is."""
    text = text_of(now.view, input)
    if input.integer and WHOLE.match(text):
        return Control(input.name, text, "integer")
    if NUMBER.match(text) and not input.integer:
        return Control(input.name, text, "number")
    return Control(input.name, text, "text")


def is_random(now: state.Session, program: Program) -> bool:
    """Whether the program or one of its inputs draws random numbers, so that a seed matters."""
    texts = [text_of(now.view, input) for input in program.inputs]
    return any(RANDOM.search(text) for text in (now.view.source, *texts))


def refusal(now: state.Session, asked: Traced) -> None:
    """Why the source is not run, right below it (key `refusal`), or how it was read."""
    refused = asked.program is None
    _told("refusal", now, notices_of(now, asked) if refused else asides_of(asked))
    if now.before is not None and now.before.edition == now.edition:
        st.button(
            _("Take this change back"),
            key="untake",
            type="tertiary",
            icon=":material/undo:",
            on_click=state.take_back,
        )


def errors(now: state.Session, asked: Traced) -> None:
    """What a run or an input did wrong (key `error`).

    It stands below the inputs: a value that is being dragged or typed must not move away.
    """
    if concealed(now) and asked.problem is None:
        return _withheld(now)
    return _told("error", now, notices_of(now, asked) if asked.program is not None else [])


def _withheld(now: state.Session) -> None:
    """In the place of an error on purpose: its reader, or the class, says first why."""
    shown = state.opened(now.view)
    if not now.view.present or shown is None:
        said = _(
            "This program stops with an error, and it is meant to. Why? Answer in the lesson first."
        )
        return _told("error", now, [Notice(said, "", waiting=True)])
    said = _("This program stops with an error, and it is meant to. Why?")
    _told("error", now, [Notice(said, "", waiting=True)])
    st.button(_("Show the error"), key="disclose", on_click=now.told.add, args=(shown.key,))
    return None


def _told(key: str, now: state.Session, notices: list[Notice]) -> None:
    """What is wrong, where, what is allowed and how to mend it."""
    with st.container(key=key, gap=None):
        for place, notice in enumerate(notices):
            st.html(notice.markup())
            _taught(notice, place)
            if notice.replacement is not None:
                st.button(
                    plain(notice.label or _("Use the corrected version")),
                    key=f"mend{place}",
                    on_click=_mended,
                    args=(now, notice),
                )
            for name, text in notice.starts.items():
                st.button(
                    plain(_("Start with {text}").replace("{text}", f"{name} = {text}")),
                    key=f"start{place}",
                    on_click=_started,
                    args=(now, name, text),
                )


def _taught(notice: Notice, place: int) -> None:
    """The lesson that shows why, unless it is open already."""
    shown, open_now = state.named(notice.lesson), state.opened(state.session().view)
    if shown is None or (open_now is not None and open_now.key == shown.key):
        return
    st.button(
        plain(_("Lesson: {title}").replace("{title}", shown.title)),
        key=f"taught{place}",
        type="tertiary",
        icon=":material/school:",
        on_click=start,
        args=(shown,),
    )


def _started(now: state.Session, name: str, text: str) -> None:
    inputs = now.program.inputs if now.program is not None else ()
    now.offered[name] = (text, frozenset(each.name for each in inputs))
    state.take_over(now.view.source, {**now.view.texts, name: text})


def _mended(now: state.Session, notice: Notice) -> None:
    state.take_over(notice.replacement or now.view.source, dict(now.view.texts))
