"""The Jacobian and the Hessian (key `jacobian`), and vᵀJ beside what backward left in `.grad`."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from viz.drawing.figures.jacobian import jacobian_figure, summaries
from viz.drawing.texts import called
from viz.errors import ExplorerError
from viz.page.asking.answers import Traced, ask, checked_texts
from viz.page.calculus.ready import Ready
from viz.page.calculus.shared import awaits_program, said
from viz.page.session import state, theme
from viz.page.session.language import _
from viz.page.writing.messages import of_failure, of_problem
from viz.program import check_gradient
from viz.records import MAX_TYPED, JacobianQuestion, Trace


def jacobian(now: state.Session, asked: Traced) -> None:
    """Controls and the heat maps."""
    if now.program is None or all(input.integer for input in now.program.inputs):
        needs = _("Derivatives need a number to vary: give the function an input like 1.0.")
        awaits_program(asked, needs)
        return
    _controls(now, asked.trace)
    question = asked_of(now)
    if question is None:
        return
    answer = ask(now, question)
    function = called(now.program)
    with st.container(key="jacobian"):
        if answer.problem is not None:
            st.html(of_problem(answer.problem, waiting=answer.busy).markup())
            return
        if answer.record.failure is not None:
            st.html(of_failure(answer.record.failure).markup())
        if answer.record.blocks:
            figure = jacobian_figure(answer.record, dark=theme.dark(), function=function)
            st.plotly_chart(
                Ready(figure), key="jacobian-figure", theme=None, config={"displaylogo": False}
            )
        said(*summaries(answer.record, function))


def asked_of(now: state.Session) -> JacobianQuestion | None:
    """The question, `None` while an input or v cannot be read (the editor says why)."""
    if now.program is None:
        return None
    order: Literal[1, 2] = 2 if now.view.hessian else 1
    try:
        texts = checked_texts(now.view, now.program)
        vector = check_gradient(now.view.gradient) if now.view.gradient and order == 1 else None
    except ExplorerError:
        return None
    return JacobianQuestion(now.program, texts, now.view.seed, order, vector)


def _controls(now: state.Session, trace: Trace | None) -> None:
    scalar = trace is None or trace.value is None or not trace.value.shape
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _("Show"),
            [False, True],
            default=now.view.hessian,
            required=True,
            format_func=lambda hessian: _("Hessian") if hessian else _("Jacobian"),
            **state.turning("hessian"),
        )
        if not now.view.hessian and (not scalar or now.view.gradient):
            st.text_input(
                _("v, given to backward(gradient=v)"),
                value=now.view.gradient or "",
                placeholder=_ones(trace.value.shape) if trace and trace.value else "",
                width=320,
                **state.turned(
                    "gradient", lambda text: state.change(gradient=text[: MAX_TYPED + 1] or None)
                ),
            )


def _ones(shape: tuple[int, ...]) -> str:
    """What stands for `v` where none is given, as one would type it."""
    return f"torch.ones({', '.join(map(str, shape))})" if shape else "torch.ones(())"
