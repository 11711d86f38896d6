"""No serious finding by axe, light and dark, with every part open; and reachable by keyboard."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.explorer import Explorer

GRAVE = ("serious", "critical")


def findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding(explorer: Explorer, scheme: str) -> None:
    explorer.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    explorer.open(f="sin(x)*x**2", in_x="1.5")
    explorer.node("x").click()
    explorer.button("Legend").click()
    expect(explorer.graph.locator(".panel")).to_be_visible()
    expect(explorer.curves.first).to_be_attached()
    assert findings(explorer.page) == []
    explorer.page.get_by_role("tab", name="Steps").click()
    expect(explorer.key("steps").locator("tr").first).to_be_visible()
    explorer.at_rest()
    assert findings(explorer.page) == []


def test_no_serious_finding_in_an_error(explorer: Explorer) -> None:
    explorer.open(f="sin(x)")
    explorer.type("sin(y")
    expect(explorer.error).to_be_visible()
    assert findings(explorer.page) == []


def test_the_closed_sidebar_takes_no_focus(explorer: Explorer) -> None:
    explorer.open()
    explorer.page.set_viewport_size({"width": 1366, "height": 768})
    controls = explorer.page.get_by_test_id("stSidebarUserContent").locator("button, input")
    expect(controls.first).to_be_attached()
    for control in controls.all():
        expect(control).to_be_hidden()


def test_every_card_is_reached_and_chosen_by_keyboard(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*x")
    card = explorer.node("sin")
    card.focus()
    explorer.page.keyboard.press("Enter")
    expect(card).to_have_class(re.compile("selected"))
    expect(card).to_have_accessible_name(re.compile("sin"))
    explorer.page.keyboard.press("Escape")
    expect(card).not_to_have_class(re.compile("selected"))


def test_nothing_is_wider_than_the_window(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*x**2", in_x="1.5")
    for width in (1400, 700, 390):
        explorer.page.set_viewport_size({"width": width, "height": 900})
        explorer.page.wait_for_function(
            """width => innerWidth === width
              && document.querySelector(".stMain").scrollWidth <= width""",
            arg=width,
        )
        box = explorer.graph.bounding_box()
        assert box is not None
        assert box["width"] > min(width, 800) * 0.75


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_in_a_lesson_with_a_question_open(
    explorer: Explorer, scheme: str
) -> None:
    explorer.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    explorer.open(lesson="chain")
    asked = explorer.key("lesson").get_by_role("region", name="Question 1")
    asked.get_by_role("textbox").fill("3")
    explorer.page.keyboard.press("Enter")
    expect(asked.locator(".verdict.wrong")).to_contain_text("value of a itself")
    asked.get_by_role("button", name="Hint").click()
    explorer.button("Quiz me").click()
    explorer.graph.get_by_role("textbox", name="Your answer").fill("7")
    explorer.page.keyboard.press("Enter")
    expect(explorer.graph.locator(".verdict.wrong")).to_be_visible()
    assert findings(explorer.page) == []
