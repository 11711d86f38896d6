"""What one may add to a curve: secant, Taylor polynomial, walks, a second function, checks.

Each addition is drawn on the figure only while it is chosen: a plain curve stays still while x
moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any, Final, Literal

import streamlit as st

from viz.drawing.figures.chart import Chart
from viz.drawing.figures.checks.differences import compared_at, difference_figure, differences
from viz.drawing.figures.checks.formula_check import formula_check
from viz.drawing.figures.curve import overlays as overlays
from viz.drawing.texts import called
from viz.errors import N_, DrawingFailed, ExplorerError
from viz.page.asking.answers import ask
from viz.page.calculus.numbers import OfferedNumber, numbers_of
from viz.page.calculus.ready import Ready
from viz.page.session import state, theme
from viz.page.session.language import _, plain
from viz.page.session.view import MOST_WALKED, RATES, REACHES, TOOLS, Tool
from viz.page.writing.messages import of_drawing, of_problem
from viz.program import read
from viz.records import MAX_ORDER, Curve, CurveQuestion, Message, Program
from viz.records.questions import Walk

TITLES: Final[Mapping[Tool, str]] = MappingProxyType(
    {
        "secant": N_("Secant"),
        "taylor": N_("Taylor polynomial"),
        "newton": N_("Newton's method"),
        "descent": N_("Gradient descent"),
        "stacked": N_("Separate plots"),
        "second": N_("Second function"),
        "checks": N_("Check the derivative"),
    }
)
WalkMethod = Literal["newton", "descent"]
METHODS: Final[tuple[WalkMethod, ...]] = ("newton", "descent")


def choices(now: state.Session) -> None:
    """The pills, and what the chosen ones ask for."""
    st.pills(
        _("Show also"),
        TOOLS,
        selection_mode="multi",
        default=[tool for tool in TOOLS if tool in now.view.tools],
        format_func=lambda tool: _(TITLES[tool]),
        **state.turned("tools", lambda chosen: state.change(tools=frozenset(chosen))),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if "secant" in now.view.tools:
            _select("Δx", REACHES, "reach", now)
        if "taylor" in now.view.tools:
            _whole(_("Degree"), MAX_ORDER, "degree", now)
        if now.view.tools & {"newton", "descent"}:
            _whole(_("Number of steps"), MOST_WALKED, "walked", now)
        if "descent" in now.view.tools:
            _select(_("Learning rate"), RATES, "rate", now)
        if "second" in now.view.tools:
            st.text_input(
                _("Second function of the same inputs"),
                value=now.view.second,
                placeholder="cos(x)",
                width=320,
                **state.turned("second", lambda text: state.change(second=text[:2_000])),
            )


def _select(label: str, options: tuple[float, ...], name: str, now: state.Session) -> None:
    st.select_slider(
        label,
        options,
        value=getattr(now.view, name),
        width=260,
        **state.turning(f"curve-{name}", name),
    )


def _whole(label: str, most: int, name: str, now: state.Session) -> None:
    st.slider(
        label,
        1,
        most,
        value=getattr(now.view, name),
        width=200,
        **state.turning(f"curve-{name}", name),
    )


def widened(question: CurveQuestion, now: state.Session, at: float) -> CurveQuestion:
    """The question with the samples that the chosen additions need."""
    if "taylor" in now.view.tools and question.order < now.view.degree:
        question = _with(question, order=now.view.degree)
    within = [x for x in compared_at(at) if question.start <= x <= question.stop]
    if "checks" in now.view.tools and within:
        question = _with(question, at=tuple(within))
    return question


def _with(question: CurveQuestion, **fields: Any) -> CurveQuestion:
    values = {name: getattr(question, name) for name in question.__struct_fields__}
    return CurveQuestion(**{**values, **fields})


def drawn(
    figure: Chart, curve: Curve, question: CurveQuestion, now: state.Session, at: float
) -> list[Message]:
    """Draws the chosen additions; what is to be said of them."""
    dark = theme.dark()
    words: list[Message] = []
    if "secant" in now.view.tools:
        overlays.add_secant(figure, curve, at, now.view.reach, dark=dark, say=_)
    if "taylor" in now.view.tools:
        overlays.add_taylor(figure, curve, at, now.view.degree, dark=dark, say=_)
    for method in METHODS:
        if method in now.view.tools:
            words += _walk(figure, question, now, at, method)
    if "second" in now.view.tools and now.view.second.strip():
        _second(figure, question, now)
    return words


def _walk(
    figure: Chart, question: CurveQuestion, now: state.Session, at: float, method: WalkMethod
) -> list[Message]:
    """The steps from the point, by a question of their own: the curve stays as it is."""
    walk = Walk(start=(at,), method=method, rate=now.view.rate, steps=now.view.walked)
    answer = ask(now, _with(question, points=2, order=1, at=(), walk=walk))
    steps = answer.record.walk if answer.problem is None else ()
    if not steps:
        return []
    overlays.add_walk(figure, answer.record, method, dark=theme.dark(), say=_)
    return [overlays.outcome(steps, method, question.along or "x", called(question.program))]


def _second(figure: Chart, question: CurveQuestion, now: state.Session) -> None:
    try:
        program = read(now.view.second)
    except ExplorerError as error:
        st.html(of_problem(error.problem).markup())
        return
    names = {input.name for input in program.inputs}
    texts = {name: text for name, text in question.inputs.items() if name in names}
    along = question.along if (question.along or "").split("[")[0] in names else None
    other = ask(now, _with(question, program=program, inputs=texts, along=along, walk=None, at=()))
    if other.problem is not None:
        st.html(of_problem(other.problem).markup())
    else:
        overlays.add_other(
            figure,
            other.record,
            dark=theme.dark(),
            say=_,
            stacked="stacked" in now.view.tools,
            function=other_name(program, called(question.program)),
        )


def other_name(second: Program, first: str) -> str:
    """What the second function is called: by its own name, unless the first one has it."""
    own = called(second, "g" if first != "g" else "h")
    return own if own != first else f"{own}₂"


def checks(now: state.Session, curve: Curve, number: OfferedNumber) -> None:
    """autograd against central differences, and against the symbolic derivative."""
    if "checks" not in now.view.tools or now.trace is None:
        return
    held = {one.along: one.value for one in numbers_of(now.trace) if one.along != number.along}
    left, right = st.columns(2)
    with left:
        _formulas(now, curve, held if number.scalar else None)
    found = differences(curve, number.value)
    with right:
        if found:
            figure = difference_figure(found, dark=theme.dark(), say=_)
            st.plotly_chart(
                Ready(figure), key="differences", theme=None, config={"displaylogo": False}
            )


def _formulas(now: state.Session, curve: Curve, held: Mapping[str, float] | None) -> None:
    try:
        exact = None if held is None else formula_check(now.view.source, curve, held)
    except DrawingFailed as failed:
        st.html(of_drawing(now, failed).markup())
        return
    if exact is None:
        st.caption(_("There is no formula to compare with: the text is not a plain expression."))
    else:
        _exact(exact)


def _exact(exact: Any) -> None:
    """The symbolic derivatives, how far autograd's are from them, and the verdict."""
    for order, (formula, worst) in enumerate(zip(exact.latex, exact.worst, strict=True)):
        st.latex(f"f{chr(39) * order} = {formula}")
        text = _("largest relative distance over the range: {distance}")
        st.caption(plain(text.replace("{distance}", f"{worst:.2g}")))
    if exact.agrees:
        st.caption(_("autograd and the formula agree within rounding."))
    else:
        disagree = escape(_("autograd and the formula disagree."))
        st.html(f'<p class="notice">{disagree}</p>')
