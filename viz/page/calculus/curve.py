"""The curve (key `curve`): f and its derivatives along one number, resampled where one looks.

The figure depends on what f is, not on where x stands: the point x₀ and its tangent lie over it,
drawn by the browser, so that dragging draws no figure anew.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

import streamlit as st

from viz.drawing.figures.curve.figure import curve_figure
from viz.drawing.figures.curve.readout import notes, told_apart
from viz.drawing.texts import called, primed
from viz.errors import ExplorerError
from viz.page import components
from viz.page.asking.answers import Traced, ask, checked_texts
from viz.page.calculus import curve_tools
from viz.page.calculus.numbers import OfferedNumber, numbers_of
from viz.page.calculus.plotted import plotted
from viz.page.calculus.ready import Ready
from viz.page.calculus.shared import awaits_program, choose_of, said, shown_of, weights_of
from viz.page.components.overlay import Overlay, samples
from viz.page.components.received import Seen, received
from viz.page.session import state, theme
from viz.page.session.language import _, plain
from viz.page.session.view import usual_range
from viz.page.writing.messages import of_failure, of_problem
from viz.records import Curve, CurveQuestion, Program, Trace

POINTS: Final = 1_000


@dataclass(frozen=True)
class Along:
    """What the curve runs over, and the stretch of it that is asked for."""

    number: OfferedNumber
    start: float
    stop: float


def curve(now: state.Session, asked: Traced) -> None:
    """The figure with the point x₀ over it, then its controls; of a script what it plotted."""
    if plotted(now):
        return
    along = chosen(now)
    if along is None or now.program is None:
        needs = _("A curve needs a number to vary: give the function an input like 1.0.")
        if not now.view.bare:  # a class and another page's readers have nothing to mend
            awaits_program(asked, needs)
        return
    _shown(now, along)
    if not now.view.bare:
        _controls(now, along)


def _shown(now: state.Session, along: Along) -> None:
    """The figure, the point x₀ over it, and what is to be said of both."""
    question = asked_of(now, along)
    if question is None:
        return
    at = along.number.value
    question = curve_tools.widened(question, now, at)
    answer = ask(now, question)
    if answer.problem is not None:
        st.html(of_problem(answer.problem, waiting=answer.busy).markup())
        return
    record: Curve = answer.record
    figure = curve_figure(
        record,
        dark=theme.dark(),
        say=_,
        stacked="stacked" in now.view.tools,
        shown=now.view.order,
        near=at,
        function=called(now.program),
    )
    words = curve_tools.drawn(figure, record, question, now, at)
    # a zoom is kept while the same function is looked at, and let go with the chosen range
    figure.update_layout(uirevision=f"{question.program.source} {along.number.along} {now.ranges}")
    st.plotly_chart(
        Ready(figure),
        key="curve",
        theme=None,
        height="stretch",  # what the screen leaves: see theme.css
        config={"displaylogo": False, "scrollZoom": True},
    )
    _overlay(now, along, record)
    said(*words, *notes(record, function=called(now.program)))
    if record.failure is not None:
        st.html(of_failure(record.failure).markup())
    curve_tools.checks(now, record, along.number)
    if not now.view.bare:
        now.charted = figure, record


def chosen(now: state.Session) -> Along | None:
    """The number of the view, else the first; its range as chosen, else around where it stands."""
    numbers = numbers_of(now.trace) if now.trace else ()
    if not numbers:
        return None
    by_name = {number.along: number for number in numbers}
    number = by_name.get(now.view.along or "", numbers[0])
    if now.view.start is not None and now.view.stop is not None:
        return Along(number, now.view.start, now.view.stop)
    return Along(number, *usual_range(number.value))


def asked_of(now: state.Session, along: Along) -> CurveQuestion | None:
    """The question, the same wherever x itself stands, so that its answer can be kept."""
    program: Program | None = now.program
    if program is None:
        return None
    try:
        texts = checked_texts(now.view, program)
    except ExplorerError:
        return None
    if along.number.scalar:
        texts[along.number.input] = "0.0"
    return CurveQuestion(
        program,
        texts,
        along.start,
        along.stop,
        seed=now.view.seed,
        points=POINTS,
        order=now.view.order,
        along=along.number.along,
        of=shown_of(now),
        gradient=weights_of(now),
    )


def _controls(now: state.Session, along: Along) -> None:
    names = [number.along for number in numbers_of(now.trace)] if now.trace else []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(names) > 1:
            st.selectbox(
                _("Input to vary"),
                names,
                index=names.index(along.number.along),
                width=160,
                **state.turned(
                    "along", lambda name: state.change(along=name, start=None, stop=None)
                ),
            )
        choose_of(now, "of")
        st.segmented_control(
            _("Highest order"),
            [0, 1, 2, 3, 4],
            default=now.view.order,
            required=True,
            format_func=lambda highest: plain(primed(highest, called(now.program))),
            **state.turning("order"),
        )
        # the box holds what is in sight, also after a zoom
        reach = " … ".join(told_apart(along.start, along.stop))
        st.session_state[state.control("range")] = reach
        st.text_input(_("Range"), width=120, **state.turned("range", _ranged))
        if now.view.start is not None:
            st.button(_("Whole range"), on_click=_whole_range)
    curve_tools.choices(now)


def _whole_range() -> None:
    state.session().ranges += 1
    state.change(start=None, stop=None)


_NUMBER: Final = re.compile(r"[-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def ends_of(text: str) -> tuple[float, float] | None:
    """The two numbers of a range as it is typed (`-2 … 3`, `[0, 1]`); `None` if it is none."""
    numbers = [float(found.replace("−", "-")) for found in _NUMBER.findall(text[:100])]
    if len(numbers) != 2 or not all(map(math.isfinite, numbers)):
        return None
    start, stop = map(state.rounded, sorted(numbers))
    return (start, stop) if start < stop and math.isfinite(stop - start) else None


def _ranged(text: str) -> None:
    ends = ends_of(text)
    if ends is not None:
        state.session().ranges += 1
        state.change(start=ends[0], stop=ends[1])


def _zoomed() -> None:
    seen = received("overlay", "range", Seen)
    if seen is None:
        return
    if seen.range is None:
        _whole_range()
        return
    start, stop = map(state.rounded, seen.range)
    if start < stop:
        state.change(start=start, stop=stop)


def known(
    trace: Trace | None, record: Curve, number: OfferedNumber
) -> tuple[float | None, float | None]:
    """f and its derivative where the number stands, as the trace recorded them.

    Neither is known where the trace went backward from something else than the curve's f: from
    several results together, from `gradient=`, from a derivative.
    """
    if trace is None or trace.value is None or not trace.value.values or record.of != "value":
        return None, None
    alone = len(trace.outputs) == len(trace.passes) == 1
    seeds = trace.passes[0].gradients if alone else ()
    if len(seeds) != 1 or seeds[0] is None or seeds[0].values != (1.0,):
        return None, None
    return float(trace.value.values[0]), number.gradient


def _overlay(now: state.Session, along: Along, record: Curve) -> None:
    number = along.number
    value, slope = known(now.trace, record, number)
    components.show(samples(record))
    components.show(
        Overlay(
            target="curve",
            name=number.along,
            function=called(now.program),
            input=number.input,
            scalar=number.scalar,
            around=number.around,
            x=number.value,
            value=value,
            slope=slope,
            digits=now.view.display.digits,
        ),
        on_range_change=_zoomed,
    )
