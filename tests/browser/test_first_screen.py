"""The first screen holds program, inputs, graph and curves; nothing runs off at the side."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.explorer import Explorer
from tests.programs import CONTROL_FLOW

SCREENS = [(1366, 768), (1280, 720)]
SHIFTS = """
  globalThis.shifted = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) globalThis.shifted += each.value;
  }).observe({ type: "layout-shift", buffered: true });
"""
JUMPS = 0.1
"""What browsers call good of a page's cumulative layout shift."""
PROGRAMS = [
    {},
    {"f": "sin(x)*x**2", "in_x": "1.5"},
    {"f": CONTROL_FLOW, "in_a": "2.0"},
    {"f": "def f(a, b):\n    c = a * b\n    return c.tanh() + a\n", "lang": "zh"},
]


def size(page: Page, width: int, height: int) -> None:
    page.set_viewport_size(ViewportSize(width=width, height=height))


def inside(part: Locator, height: int) -> None:
    """The whole part stands above the fold."""
    expect(part).to_be_visible()
    box = part.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height, box


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("parameters", PROGRAMS, ids=range(len(PROGRAMS)))
def test_program_inputs_graph_and_curves_are_on_the_first_screen(
    explorer: Explorer, width: int, height: int, parameters: dict[str, str]
) -> None:
    size(explorer.page, width, height)
    explorer.open(**parameters)
    expect(explorer.curves).not_to_have_count(0)
    inside(explorer.key("masthead"), height)
    # what the page is for is read whole, in the head's one row
    told = explorer.key("masthead").locator("header p")
    assert told.evaluate("one => one.scrollWidth <= one.clientWidth && one.offsetHeight < 45")
    inside(explorer.source, height)
    inside(explorer.key("inputs"), height)
    inside(explorer.graph.locator(".player"), height)
    inside(explorer.key("curve").locator(".main-svg").first, height)
    assert wide(explorer.page) <= width


def wide(page: Page) -> int:
    return int(page.evaluate("document.scrollingElement.scrollWidth"))


def test_a_phone_begins_with_the_words_and_has_the_player_under_the_thumb(
    explorer: Explorer,
) -> None:
    size(explorer.page, 390, 844)
    explorer.open()
    inside(explorer.key("lesson"), 844)
    inside(explorer.button("Next step"), 844)
    words = explorer.key("lesson").bounding_box()
    graph = explorer.graph.bounding_box()
    source = explorer.source.bounding_box()
    assert words is not None
    assert graph is not None
    assert source is not None
    assert words["y"] < graph["y"] < source["y"]
    assert wide(explorer.page) <= 390


def test_the_sidebar_s_button_scrolls_away_with_the_page(explorer: Explorer) -> None:
    size(explorer.page, 390, 844)
    explorer.open()
    button = explorer.page.get_by_test_id("stExpandSidebarButton")
    expect(button).to_be_in_viewport()
    explorer.key("inputs").evaluate("each => each.scrollIntoView({ block: 'start' })")
    expect(button).not_to_be_in_viewport()
    button.click()
    expect(explorer.page.get_by_test_id("stSidebar")).to_be_in_viewport()
    assert wide(explorer.page) <= 390
    explorer.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    size(explorer.page, 1366, 500)  # on a desktop, too
    explorer.key("lower").evaluate("each => each.scrollIntoView({ block: 'start' })")
    expect(button).not_to_be_in_viewport()


def test_on_a_phone_without_a_lesson_the_program_comes_first(explorer: Explorer) -> None:
    size(explorer.page, 390, 844)
    explorer.open(f="x*y", in_x="2.0", in_y="3.0")
    source, graph = explorer.source.bounding_box(), explorer.graph.bounding_box()
    assert source is not None
    assert graph is not None
    assert source["y"] < graph["y"]


def test_a_script_s_plots_stand_where_a_function_has_its_curve(explorer: Explorer) -> None:
    explorer.open(wait=False, f="import matplotlib.pyplot as plt\nplt.plot([1, 2, 3], [1, 4, 9])")
    expect(explorer.key("lower").locator(".js-plotly-plot")).to_have_count(1)
    explorer.type(
        "w = torch.tensor(1.0, requires_grad=True)\n"
        "for step in range(200):\n"
        "    loss = (w - 3) ** 2\n"
        "    loss.backward()\n"
        "    w.data -= 0.1 * w.grad\n"
        "    w.grad = None\n"
    )
    expect(explorer.key("lower")).to_contain_text("ran 200 rounds. The graph holds rounds 1–50")


def test_of_an_older_run_nothing_is_printed(explorer: Explorer) -> None:
    explorer.open(wait=False, f="print('so it was')")
    expect(explorer.key("printed")).to_contain_text("so it was")
    explorer.type("print('so it was'")
    expect(explorer.error).to_be_visible()
    expect(explorer.page.get_by_text("so it was", exact=True)).to_have_count(0)


def test_lecture_mode_has_a_way_on_and_a_way_out(explorer: Explorer) -> None:
    size(explorer.page, 1280, 720)
    explorer.open(lesson="chain", present="1")
    expect(explorer.key("lecture")).to_contain_text("The chain rule")
    inside(explorer.key("curve").locator(".main-svg").first, 720)
    inside(explorer.key("bench"), 720)
    keys = explorer.page.keyboard
    keys.press(" ")  # nothing has the focus
    expect(explorer.button("Pause")).to_be_visible()
    keys.press(" ")
    expect(explorer.button("Play")).to_be_visible()
    how = explorer.key("source").get_by_text("Esc, then Tab, leaves the editor")
    expect(how).to_be_hidden()
    explorer.source.focus()
    expect(how).to_be_visible()
    explorer.button("Full screen").click()
    explorer.page.wait_for_function("document.fullscreenElement")
    explorer.graph.locator(".stage").press("Escape")  # ends that, and not the lecture
    explorer.page.evaluate("document.fullscreenElement && document.exitFullscreen()")
    explorer.page.wait_for_function("!document.fullscreenElement")
    explorer.key("lecture").get_by_role("button").first.click()
    expect(explorer.key("lecture")).to_contain_text("Gradients add up")
    expect(explorer.source).to_have_value(re.compile("c = a"))
    explorer.source.press("Escape")  # so that Tab leaves the editor
    expect(explorer.key("lecture")).to_be_visible()
    out = explorer.key("masthead")
    for _ in range(5):  # who leaves is the player, which a slow machine may still be making anew
        explorer.source.press("Escape")
        explorer.page.wait_for_timeout(500)
        if out.is_visible():
            break
    expect(out).to_be_visible()
    expect(explorer.page).to_have_url(re.compile("lesson=fork"))
    expect(explorer.page).not_to_have_url(re.compile("present"))


def test_a_lesson_begins_anew_and_the_head_names_it_while_it_is_open(explorer: Explorer) -> None:
    explorer.open(lesson="kink")
    lessons = explorer.key("masthead").get_by_role("combobox")
    again = explorer.key("again-kink").get_by_role("button")
    expect(again).to_have_count(0)
    explorer.key("trials").get_by_role("button").nth(1).click()
    expect(explorer.source).to_have_value("sqrt(x)")
    again.click()
    expect(explorer.source).to_have_value("abs(x)")
    expect(lessons).to_have_value(re.compile("A kink"))


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
@pytest.mark.parametrize("lesson", [None, "loop"])
def test_a_lesson_comes_without_a_jump(
    explorer: Explorer, width: int, height: int, lesson: str | None
) -> None:
    size(explorer.page, width, height)
    explorer.page.add_init_script(SHIFTS)
    explorer.open(**({} if lesson is None else {"lesson": lesson}))
    expect(explorer.curves).not_to_have_count(0)
    expect(explorer.key("trials")).to_be_visible()
    assert explorer.page.evaluate("globalThis.shifted") < JUMPS
