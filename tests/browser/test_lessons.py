"""Lessons in the browser: asked, answered wrongly and rightly, by keyboard alone and by touch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer


def question(explorer: Explorer, number: int) -> Locator:
    return explorer.key("lesson").get_by_role("region", name=f"Question {number}")


def test_a_lesson_is_gone_through_with_the_keyboard_alone(explorer: Explorer) -> None:
    explorer.open(lesson="chain")
    first, second = question(explorer, 1), question(explorer, 2)
    expect(second).to_be_hidden()
    expect(explorer.key("lower").get_by_role("tabpanel").first).to_be_hidden()
    keys = explorer.page.keyboard
    explorer.graph.locator(".stage").focus()
    keys.press("End")
    expect(explorer.step).to_have_text("2 / 8")
    explorer.expect_numbers("a", "3", "")
    first.get_by_role("textbox").focus()
    keys.type("3")
    keys.press("Enter")
    expect(first.locator(".verdict.wrong")).to_contain_text("value of a itself")
    for number in range(2):
        keys.press("ArrowDown")  # Check, Hint
        expect(first.get_by_role("button").nth(number)).to_be_focused()
    keys.press("Enter")
    expect(first.get_by_role("listitem")).to_have_count(1)
    first.get_by_role("textbox").fill("4")
    keys.press("Enter")
    expect(first.locator(".verdict.wrong")).to_contain_text("look at the sign")
    first.get_by_role("textbox").fill("-4")
    keys.press("Enter")
    expect(first).to_contain_text("This factor is called the local derivative")
    explorer.expect_numbers("a", "3", "-4")
    expect(second.get_by_role("textbox")).to_be_focused()
    keys.type("-4")
    keys.press("Enter")
    expect(second.locator(".verdict.right")).to_be_visible()
    keys.press("ArrowLeft")
    third = question(explorer, 3)
    third.get_by_role("button", name="only that of z").press("Enter")
    expect(explorer.key("lesson").locator(".end")).to_contain_text("2 of 3 at the first try")
    expect(explorer.key("lower").get_by_role("tabpanel").first).to_be_visible()


def test_what_was_answered_is_remembered_and_forgotten(explorer: Explorer) -> None:
    explorer.open(lesson="kink")
    question(explorer, 1).get_by_role("button", name="Show me").click()
    explorer.open(lesson="kink")
    expect(question(explorer, 1)).to_contain_text("the middle between the two")
    expect(question(explorer, 2)).to_be_visible()
    explorer.key("course").get_by_role("button", name="All lessons").click()
    course = explorer.page.get_by_role("dialog", name="All lessons")
    row = course.get_by_role("listitem").filter(has_text="A kink")
    expect(row.locator(".state")).to_have_text("…")
    course.get_by_role("button", name="Forget my answers").click()
    expect(row.locator(".state")).to_have_text("")
    row.get_by_role("button").click()
    expect(course).to_be_hidden()


def test_an_error_on_purpose_begins_with_words(explorer: Explorer) -> None:
    explorer.open(lesson="twice")
    expect(explorer.error).to_contain_text("it is meant to")
    expect(explorer.error).not_to_contain_text("RuntimeError")
    right = "the first pass freed what the graph had saved"
    question(explorer, 1).get_by_role("button", name=right).click()
    expect(explorer.error).to_contain_text("RuntimeError: Trying to backward")
    second = question(explorer, 2)
    second.get_by_role("textbox").fill("0, 8, 16, 24")
    second.get_by_role("button", name="Check").click()
    expect(explorer.source).to_have_value(re.compile("retain_graph=True"))
    expect(explorer.error).to_have_count(0)


def test_cards_and_arrows_are_pointed_at(explorer: Explorer) -> None:
    explorer.open(lesson="fork")
    first = question(explorer, 1)
    middle = explorer.graph.locator("svg .edge").filter(has=explorer.page.locator(".line"))
    expect(middle.first).to_be_attached()
    places = explorer.page.evaluate(
        """() => Object.fromEntries(
          [...document.querySelectorAll(".st-key-graph *")].flatMap((host) => host.shadowRoot
            ? [...host.shadowRoot.querySelectorAll(".edge")] : []).map((edge) => {
            const line = edge.querySelector(".line");
            const at = line.getPointAtLength(line.getTotalLength() / 2)
              .matrixTransform(line.getScreenCTM());
            const name = (id) => line.getRootNode().getElementById(id).getAttribute("aria-label");
            return [`${name(edge.dataset.source)[0]} ${name(edge.dataset.target)[0]}`, [at.x, at.y]];
          }))"""
    )
    assert len(places) >= 3
    wrong, right = sorted(places.items())[-1][1], None
    explorer.page.mouse.click(*wrong)
    first.locator("summary").click()
    first.get_by_role("button", name="b → c").click()
    expect(first.locator(".verdict.wrong")).to_contain_text("leads to b")
    first.get_by_role("button", name="a → c").click()
    expect(first).to_contain_text("The product sends a the other factor")
    assert right is None


@pytest.mark.parametrize("words", ["touch"])
def test_words_drive_the_figure_by_touch(explorer: Explorer, words: str) -> None:
    explorer.page.set_viewport_size({"width": 390, "height": 844})
    explorer.open(lesson="square")
    for _ in range(2):
        explorer.key("lesson").get_by_role("button", name="Show me").locator("visible=true").click()
    explorer.key("lesson").get_by_role("button", name="x = 0").click()
    expect(explorer.field("x")).to_have_value("0")
    assert words
