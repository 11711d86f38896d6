"""Pictures larger than their place: readable at first, led through by the play; narrow screens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

LONG = "def f(x):\n" + "".join(
    f"    x = torch.{('sin', 'cos', 'tanh')[number * number % 3]}(x)\n" for number in range(24)
)
LONG += "    return x\n"
FINGER = 24
"""Pixels that a target of the touch needs at least (WCAG 2.2, 2.5.8)."""


CONTROLS = ".bar > *, .tools > *"


def resized(explorer: Explorer, width: int) -> None:
    """Gives the window a width, and waits until the page is laid out and drawn for it."""
    explorer.page.set_viewport_size({"width": width, "height": 900})
    explorer.page.wait_for_function("width => innerWidth === width", arg=width)
    explorer.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def scale(explorer: Explorer) -> float:
    transform = explorer.graph.locator(".canvas").evaluate("one => one.style.transform")
    return float(re.search(r"scale\(([\d.]+)\)", transform)[1])  # type: ignore[index]


def in_sight(explorer: Explorer, card: str) -> bool:
    return bool(
        explorer.graph.locator(".stage").evaluate(
            """(stage, title) => {
              const node = [...stage.querySelectorAll(".node")].find(
                (one) => one.querySelector(".title, .name")?.textContent === title);
              const [box, room] = [node.getBoundingClientRect(), stage.getBoundingClientRect()];
              return box.left >= room.left && box.right <= room.right;
            }""",
            card,
        )
    )


def test_a_wide_graph_opens_readable_and_the_play_leads_through_it(explorer: Explorer) -> None:
    explorer.open(f=LONG, in_x="1.0", fold="0")
    assert scale(explorer) >= 1
    expect(explorer.graph.locator(".overview")).to_be_visible()
    explorer.button("First step").click()
    assert in_sight(explorer, "x₁")
    middle = explorer.graph.locator(".node.output")
    for _ in range(24):
        explorer.button("Next step").click()
    stage = explorer.graph.locator(".stage").bounding_box()
    box = middle.bounding_box()
    assert stage is not None
    assert box is not None
    assert stage["x"] <= box["x"] <= stage["x"] + stage["width"] - box["width"]
    assert not in_sight(explorer, "x₁")
    explorer.button("Fit").click()
    expect(explorer.graph.locator(".overview")).to_be_hidden()
    assert in_sight(explorer, "x₁")


def test_a_small_graph_is_shown_as_a_whole(explorer: Explorer) -> None:
    explorer.open(f="sin(x)", in_x="1.0")
    expect(explorer.graph.locator(".overview")).to_be_hidden()


def test_another_part_of_the_page_does_not_draw_the_picture_anew(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*x", in_x="1.0")
    explorer.graph.locator(".canvas svg").evaluate("svg => { svg.dataset.mine = 'yes'; }")
    explorer.page.get_by_role("tab", name="Steps").click()
    expect(explorer.key("steps").locator("tr").first).to_be_visible()
    explorer.at_rest()
    assert explorer.graph.locator(".canvas svg").get_attribute("data-mine") == "yes"


def test_no_control_of_the_player_is_cut_or_too_small(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*x**2", in_x="1.5")
    for width in (1400, 1024, 700, 390):
        resized(explorer, width)
        player = explorer.graph.locator(".player").bounding_box()
        assert player is not None
        assert player["width"] <= width
        boxes = [one.bounding_box() for one in explorer.graph.locator(CONTROLS).all()]
        assert len(boxes) > 8
        for box in filter(None, boxes):  # some are left out where there is no room
            assert box["x"] >= player["x"] - 0.5
            assert box["x"] + box["width"] <= player["x"] + player["width"] + 0.5
        for button in explorer.graph.locator(".bar button:visible, .tools button:visible").all():
            found = button.bounding_box()
            assert found is not None
            assert min(found["width"], found["height"]) >= FINGER


def test_the_panel_leaves_the_graph_to_be_seen_on_a_phone(explorer: Explorer) -> None:
    explorer.page.set_viewport_size({"width": 390, "height": 844})
    explorer.open(f="sin(x)*x**2", in_x="1.5")
    explorer.node("sin").click()
    panel = explorer.graph.locator(".panel").bounding_box()
    stage = explorer.graph.locator(".stage").bounding_box()
    assert panel is not None
    assert stage is not None
    assert stage["width"] > 330
    assert stage["y"] + stage["height"] <= panel["y"] + 1
    assert in_sight(explorer, "sin")


@pytest.mark.parametrize("width", [1400, 1024, 390])
def test_the_picture_stays_in_its_place_and_no_formula_is_cut(
    explorer: Explorer, width: int
) -> None:
    """In the fonts of the page all the way back, in wider ones all the way on."""
    explorer.page.set_viewport_size({"width": width, "height": 900})
    explorer.open(f="sin(x)*x**2", in_x="1.5", graph="2")
    assert len(places(explorer, "Previous step")) == 1
    expect(explorer.step).to_have_text("0 / 28")
    explorer.graph.locator(".formula").evaluate(
        """one => { one.style.fontFamily = "'DejaVu Serif'"; }"""
    )
    assert len(places(explorer, "Next step")) == 1
    expect(explorer.step).to_have_text("28 / 28")


def places(explorer: Explorer, button: str) -> set[float]:
    """Where the picture stood at each of the 28 steps; no formula was cut at any."""
    seen = set()
    for _ in range(28):
        explorer.button(button).click()
        top, cut = explorer.graph.evaluate(
            """graph => {
              const find = (name) => [...graph.querySelectorAll("*")]
                .map((one) => one.shadowRoot?.querySelector(name)).find(Boolean);
              const formula = find(".formula");
              const top = find(".stage").getBoundingClientRect().top;
              return [top, formula.scrollWidth > formula.clientWidth];
            }"""
        )
        assert not cut
        seen.add(top)
    return seen


def test_a_card_of_the_step_is_never_under_the_small_picture(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*x**2", in_x="1.5", graph="2", dir="TB")
    explorer.button("Zoom in").click()
    explorer.button("First step").click()
    covered = 0
    for _ in range(28):
        explorer.button("Next step").click()
        small = explorer.graph.locator(".overview").bounding_box()
        for card in explorer.graph.locator(".node.active").all()[-1:]:
            box = card.bounding_box()
            assert small is not None
            assert box is not None
            apart = box["x"] + box["width"] < small["x"] or box["y"] + box["height"] < small["y"]
            covered += not apart
    assert covered == 0


def test_the_picture_opens_anew_on_the_full_screen(explorer: Explorer) -> None:
    explorer.open(f=LONG, in_x="1.0", fold="0")
    explorer.button("Fit").click()
    small = scale(explorer)
    explorer.button("Zoom in").click()
    explorer.button("Full screen").click()
    explorer.page.wait_for_function("document.fullscreenElement !== null")
    expect(explorer.graph.locator(".overview")).to_be_visible()
    assert scale(explorer) > small


def test_symbols_and_numbers_stand_on_one_line(explorer: Explorer) -> None:
    explorer.open(f="sin(x)", in_x="1.5")  # short enough for one line in any system's fonts
    bottoms = explorer.graph.locator(".formula").evaluate(
        """formula => [...formula.querySelectorAll("math")].flatMap((math) => {
          const equal = [...math.children].find((one) => one.textContent === "=");
          if (!equal) return [];
          const box = equal.getBoundingClientRect();
          return (box.top + box.bottom) / 2;
        })"""
    )
    assert len(bottoms) > 2
    assert bottoms == pytest.approx([bottoms[0]] * len(bottoms), abs=1)


def test_the_screen_of_a_lecture_holds_the_curve(explorer: Explorer) -> None:
    explorer.page.set_viewport_size({"width": 1280, "height": 720})
    explorer.open(f="def f(x, y, z):\n    a = x + y\n    return a * z\n", present="1")
    plot = explorer.key("curve").locator(".js-plotly-plot .xaxislayer-above").first
    for size in ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080}):
        explorer.page.set_viewport_size(size)  # type: ignore[arg-type]
        expect(plot).to_be_visible()
        explorer.at_rest()
        expect(plot).to_be_in_viewport(ratio=1)
