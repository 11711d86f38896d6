"""The tabs below the graph: what they say where there is nothing to draw, and below figures."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.page.opening import opened, said

pytestmark = pytest.mark.usefixtures("sandbox_ends")


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


@pytest.mark.parametrize("tab", ["curve", "surface", "jacobian"])
def test_a_program_that_cannot_run_is_to_be_mended_first(tab: str) -> None:
    app = opened(f="x +* 2", tab=tab)
    assert "correct it above" in captions(app)
    assert "needs" not in captions(app)


def test_a_script_has_no_curve_and_says_what_has_one() -> None:
    app = opened(
        f="x = torch.tensor(2.0, requires_grad=True)\ny = x * x\ny.backward()", tab="curve"
    )
    assert "A script runs once" in captions(app)


@pytest.mark.parametrize(
    ("tab", "needs"),
    [
        ("curve", "needs a number to vary"),
        ("surface", "needs two numbers to vary"),
        ("jacobian", "need a number to vary"),
    ],
)
def test_a_function_of_counts_says_what_is_missing(tab: str, needs: str) -> None:
    app = opened(f="def f(n: int = 3):\n    return torch.ones(n).sum()", tab=tab)
    assert needs in captions(app)


def test_places_are_said_below_the_curve_by_the_input_s_name() -> None:
    app = opened(f="floor(a)", in_a="0.5", tab="curve")
    assert "At a = 1 f jumps from 0 to 1; PyTorch gives 1." in said(app)
    assert "4 more" in said(app)


def test_what_typed_code_raises_is_escaped_below_the_curve() -> None:
    source = (
        "def f(x=1.0):\n    if x < 0:\n        raise ValueError('<img src=x> **b**')\n    return x"
    )
    app = opened(f=source, tab="curve")
    assert "&lt;img src=x&gt; **b**" in said(app)
    assert "<img" not in said(app)
    assert "**b**" not in captions(app)


def test_a_large_matrix_is_summarised() -> None:
    app = opened(f="2 * x", in_x="torch.ones(100)", tab="jacobian")
    assert "∂f/∂x is 100 × 100: from 0 to 2" in said(app)


def test_the_surface_of_a_product_is_weighted_as_asked() -> None:
    """vᵀf of f = (x, y) with v = (2, −3) slopes by 2 and −3, in the slices too."""
    app = opened(
        f="torch.stack([x, y])", in_x="1.0", in_y="1.0", tab="surface",
        gradient="[2.0, -3.0]", of="gradient",
    )  # fmt: skip
    figures = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    titles = [title["text"] for title in figures[2]["layout"]["annotations"]]
    assert titles == ["∂f/∂x = 2", "∂f/∂y = −3"]


def test_slices_and_the_map_open_together() -> None:
    app = opened(f="x**2 + 3*y", in_x="1.5", in_y="0.25", tab="surface")
    figures = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert [figure["data"][0]["type"] for figure in figures] == ["surface", "contour", "scatter"]
    titles = [title["text"] for title in figures[2]["layout"]["annotations"]]
    assert titles == ["∂f/∂x = 3", "∂f/∂y = 3"]
