"""Curve, surface and Jacobian in a real browser: zoom, the draggable point, the tabs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer


def test_the_point_is_dragged_and_the_graph_follows(explorer: Explorer) -> None:
    explorer.open(f="x**2", in_x="1.0")
    grip = explorer.key("curve").locator("svg.overlay circle").last
    expect(grip).to_be_visible()
    before = explorer.key("overlay").locator(".slope")
    expect(before).to_have_text("df/dx = 2")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box is not None
    mouse = explorer.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    for step in range(1, 9):
        mouse.move(box["x"] + box["width"] / 2 + 20 * step, box["y"] + 10)
        explorer.page.wait_for_timeout(50)
    mouse.up()
    expect(before).to_have_text(re.compile("df/dx = [3-9]"))
    # the graph follows in steps while the pointer moves, and comes to rest where the field is
    expect(explorer.field("x")).to_have_value(re.compile(r"^(1\.[5-9]|[2-9])"))
    rest = explorer.field("x").input_value()
    expect(explorer.node("x").locator(".value")).to_have_text(f"{float(rest):.4g}")


def test_zooming_samples_the_visible_stretch_anew(explorer: Explorer) -> None:
    explorer.open(f="sin(40*x)", in_x="0.0")
    plot = explorer.key("curve").locator(".js-plotly-plot")
    expect(explorer.curves.first).to_be_visible()
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    explorer.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _turn in range(2):
        explorer.key("curve").get_by_role("button", name="Zoom in").click()
    expect(explorer.page).to_have_url(re.compile(r"from=-?[01]\.\d+.*to=[01]\.\d+"))
    samples = "one => one._fullData[0].x.filter((x) => x > -1.25 && x < 1.25).length"
    expect(explorer.page.get_by_role("button", name="Whole range")).to_be_visible()
    assert plot.evaluate(samples) > 800
    explorer.page.get_by_role("button", name="Whole range").click()
    expect(explorer.page).not_to_have_url(re.compile("from="))


def test_a_pole_is_a_gap_and_said_in_words(explorer: Explorer) -> None:
    explorer.open(f="1/x", in_x="1.0")
    expect(explorer.page.get_by_text("grows without bound").first).to_be_visible()


@pytest.mark.parametrize(
    ("source", "x", "value", "slope"),
    [
        ("log(x)", "0.0", "f = −∞", "df/dx = ∞"),
        ("sqrt(x)", "0.0", "f = 0", "df/dx = ∞"),
        ("1/x", "0.0", "f = ∞", "df/dx = −∞"),
        ("x**0.5", "0.0", "f = 0", "df/dx = ∞"),
        ("sqrt(x)", "-1.0", "f is not defined here", "df/dx is not defined here"),
        ("-exp(x)", "800.0", "f = −∞", "df/dx = −∞"),
    ],
)
def test_what_is_infinite_or_not_defined_is_said_and_the_point_comes_back(
    explorer: Explorer, source: str, x: str, value: str, slope: str
) -> None:
    told: list[str] = []
    explorer.page.on(
        "console", lambda said: told.append(said.text) if said.type == "error" else None
    )
    explorer.open(f=source, in_x=x)
    read = explorer.key("overlay")
    expect(read.locator(".value")).to_have_text(value)
    expect(read.locator(".slope")).to_have_text(slope)
    grip = explorer.key("curve").locator("svg.overlay .grip")
    explorer.field("x").fill("2.0")
    expect(read.locator(".at")).to_have_text("x = 2")
    expect(read.locator(".value")).to_have_text(re.compile(r"^f = −?\d"))
    expect(grip).to_be_visible()
    assert told == []


def test_surface_and_jacobian_open_by_their_tabs(explorer: Explorer) -> None:
    explorer.open(f="x**2 + 3*y**2", in_x="1.0", in_y="1.0")
    explorer.page.get_by_role("tab", name="Surface").click()
    expect(explorer.key("surface").locator(".js-plotly-plot")).to_have_count(3)
    expect(explorer.page).to_have_url(re.compile("tab=surface"))
    explorer.page.get_by_role("tab", name="Jacobian").click()
    heat = explorer.key("jacobian")
    expect(heat.locator(".js-plotly-plot")).to_have_count(1)
    expect(heat).to_contain_text("6")
    explorer.page.get_by_role("radio", name="Hessian").click()
    expect(heat).to_contain_text("0")
