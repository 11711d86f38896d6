"""The surface (key `surface`): f over two numbers, in relief, as a map, in slices.

A click on the map starts a walk of gradient descent there.
"""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from viz.drawing.figures.surface import descended, map_figure, relief_figure, slices_figure
from viz.drawing.texts import called
from viz.errors import ExplorerError
from viz.page.asking.answers import Traced, ask, checked_texts
from viz.page.calculus.numbers import OfferedNumber, numbers_of
from viz.page.calculus.ready import Ready
from viz.page.calculus.shared import awaits_program, choose_of, said, shown_of, weights_of
from viz.page.components.received import Clicked, received
from viz.page.session import state, theme
from viz.page.session.language import _, spoken
from viz.page.session.sights import layout_of
from viz.page.session.view import RATES, usual_range
from viz.page.writing.messages import of_failure, of_problem
from viz.records import Curve, CurveQuestion, Surface, SurfaceQuestion
from viz.records.questions import Walk

STEPS: Final = 60
SLICE: Final = 200
"""Even samples of a slice."""
PLAIN: Final = {"displaylogo": False, "displayModeBar": False}


def surface(now: state.Session, asked: Traced) -> None:
    """Three figures, then their controls; a sentence where f has no two numbers."""
    numbers = numbers_of(now.trace) if now.trace else ()
    if len(numbers) < 2 or now.program is None:
        needs = _("A surface needs two numbers to vary: give the function two inputs like 1.0.")
        awaits_program(asked, needs)
        return
    pair = chosen(now, numbers)
    _shown(now, pair)
    _controls(now, numbers, pair)


def _shown(now: state.Session, pair: tuple[OfferedNumber, OfferedNumber]) -> None:
    question = asked_of(now, pair)
    if question is None:
        return
    answer = ask(now, question)
    if answer.problem is not None:
        st.html(of_problem(answer.problem, waiting=answer.busy).markup())
        return
    _figures(now, question, answer.record, pair)


def chosen(
    now: state.Session, numbers: tuple[OfferedNumber, ...]
) -> tuple[OfferedNumber, OfferedNumber]:
    """The two numbers of the view, else the first two."""
    by_name = {number.along: number for number in numbers}
    names = (now.view.over or "").split("|")
    if len(names) == 2 and all(name in by_name for name in names) and names[0] != names[1]:
        return by_name[names[0]], by_name[names[1]]
    return numbers[0], numbers[1]


def asked_of(
    now: state.Session, pair: tuple[OfferedNumber, OfferedNumber]
) -> SurfaceQuestion | None:
    """The question; the same wherever the two numbers themselves stand."""
    if now.program is None:
        return None
    try:
        texts = checked_texts(now.view, now.program)
    except ExplorerError:
        return None
    for number in pair:
        if number.scalar:
            texts[number.input] = "0.0"
    x_range, y_range = (usual_range(number.value) for number in pair)
    walk = (
        Walk(start=now.view.walk, rate=now.view.rate, steps=STEPS)
        if len(now.view.walk) == 2
        else None
    )
    along = (pair[0].along, pair[1].along)
    return SurfaceQuestion(
        now.program,
        texts,
        x_range,
        y_range,
        now.view.seed,
        along=along,
        of=shown_of(now),
        walk=walk,
        gradient=weights_of(now),
    )


def _controls(
    now: state.Session,
    numbers: tuple[OfferedNumber, ...],
    pair: tuple[OfferedNumber, OfferedNumber],
) -> None:
    names = [number.along for number in numbers]
    axes = (state.control("over0"), state.control("over1"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose_of(now, "of_surface")
        if len(names) > 2:
            for place, label in enumerate((_("Horizontal axis"), _("Vertical axis"))):
                st.selectbox(
                    label,
                    names,
                    index=names.index(pair[place].along),
                    width=160,
                    **state.turned(f"over{place}", lambda _name: _paired(axes, pair)),
                )
        st.select_slider(
            _("Learning rate"),
            RATES,
            value=now.view.rate,
            width=260,
            **state.turning("rate"),
        )
    st.caption(_("Click the map: gradient descent starts there. Arrows point uphill."))


def _paired(axes: tuple[str, str], pair: tuple[OfferedNumber, OfferedNumber]) -> None:
    first = st.session_state.get(axes[0], pair[0].along)
    second = st.session_state.get(axes[1], pair[1].along)
    state.change(walk=(), sights=(), over=f"{first}|{second}")


def _slice(
    now: state.Session, number: OfferedNumber, span: tuple[float, float], question: SurfaceQuestion
) -> Curve | None:
    """f along one of the two numbers, all others as they stand."""
    asked = CurveQuestion(
        question.program,
        checked_texts(now.view, question.program),
        *span,
        seed=question.seed,
        points=SLICE,
        along=number.along,
        of=question.of,
        gradient=question.gradient,
        at=(number.value,),
    )
    answer = ask(now, asked)
    return answer.record if answer.problem is None else None


def _figures(
    now: state.Session,
    question: SurfaceQuestion,
    record: Surface,
    pair: tuple[OfferedNumber, OfferedNumber],
) -> None:
    dark = theme.dark()
    at = (pair[0].value, pair[1].value)
    spans = (question.x_range, question.y_range)
    slices = [_slice(now, number, span, question) for number, span in zip(pair, spans, strict=True)]
    made_of = (question, at, dark, spoken())
    function = called(question.program)
    with st.container(key="surface"):
        if record.failure is not None:
            st.html(of_failure(record.failure).markup())
        left, right = st.columns(2)
        with left:
            relief = relief_figure(record, at=at, dark=dark, say=_, function=function)
            relief.update_layout(**sight(now, "relief", *made_of))
            st.plotly_chart(Ready(relief), key="relief", theme=None, config=PLAIN)
        with right:
            heights = map_figure(record, at=at, dark=dark, say=_, function=function)
            heights.update_layout(**sight(now, "map", *made_of))
            st.plotly_chart(Ready(heights), key="map", theme=None, config=PLAIN)
        walked = descended(record, function)
        if walked is not None:
            said(walked)
        first, second = slices
        if first is not None and second is not None:
            both = slices_figure((first, second), at, dark=dark, say=_, function=function)
            both.update_layout(**sight(now, "slices", *made_of))
            st.plotly_chart(Ready(both), key="slices", theme=None, config=PLAIN)


def sight(now: state.Session, key: str, *made_of: object) -> dict[str, Any]:
    """The layout that shows a figure as it is looked at.

    A figure with another layout is another one to Streamlit, which would put it up anew each time
    that somebody turns it: what the browser did itself is taken in with the next change of what the
    figure is made of.
    """
    drawn = (now.edition, *made_of)
    before = now.sighted.get(key)
    if before is None or before[0] != drawn:
        before = now.sighted[key] = (drawn, dict(now.view.sights).get(key, ()))
    return layout_of(key, before[1])


def clicked() -> None:
    """Somebody clicked on the map: gradient descent starts there."""
    place = received("sights", "place", Clicked)
    if place is not None:
        state.change(walk=(state.rounded(place.x), state.rounded(place.y)))
