"""Questions before answers: the player asks for each gradient, and tells nothing before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.explorer import Explorer

CHAIN = "def f(x, y, z):\n    a = x + y\n    return a * z\n"
CHAIN_AT = {"in_x": "-2.0", "in_y": "5.0", "in_z": "-4.0"}


@pytest.fixture
def quiz(explorer: Explorer) -> Explorer:
    explorer.open(f=CHAIN, **CHAIN_AT)
    explorer.button("Quiz me").click()
    expect(guess(explorer)).to_be_visible()
    return explorer


def guess(explorer: Explorer) -> Locator:
    return explorer.graph.get_by_role("textbox", name="Your answer")


def verdict(explorer: Explorer) -> Locator:
    return explorer.graph.locator(".verdict")


def test_nothing_tells_the_answer_before(quiz: Explorer) -> None:
    expect(quiz.node("z").locator(".gradient")).to_have_text("?")
    for card in ("x", "y", "a"):
        expect(quiz.node(card).locator(".gradient")).to_have_text("")
    expect(quiz.key("lower").get_by_role("tabpanel").first).to_be_hidden()
    expect(quiz.graph.locator(".canvas .contribution")).to_have_text(["", "", "", ""])
    expect(quiz.graph.locator(".formula math")).to_have_count(1)
    assert "3" not in (quiz.graph.locator(".formula").text_content() or "")


def test_the_panel_tells_no_gradient_before_it_was_asked(quiz: Explorer) -> None:
    panel = quiz.graph.locator(".panel")
    quiz.node("a").click()
    expect(panel.locator(".value")).to_have_text("3")
    expect(panel).to_contain_text("Local derivatives")
    expect(panel.locator(".gradient")).to_have_count(0)
    expect(panel).not_to_contain_text("Paths to the result")
    for _ in range(3):  # the answer for z, the question for a, its answer
        quiz.button("Next step").click()
    quiz.node("a").click()
    expect(panel.locator("p.gradient")).to_have_text("−4")
    expect(panel).to_contain_text("Paths to the result")


def test_right_and_wrong_answers_are_told_apart_and_counted(quiz: Explorer) -> None:
    guess(quiz).fill("7")
    guess(quiz).press("Enter")
    expect(verdict(quiz)).to_have_class(re.compile("wrong"))
    expect(quiz.node("z").locator(".gradient")).to_have_text("?")
    guess(quiz).fill("9/3")
    guess(quiz).press("Enter")
    expect(verdict(quiz)).to_have_text("Right. 0 of 1 at the first try.")
    expect(quiz.node("z").locator(".gradient")).to_have_text("3")
    quiz.page.keyboard.press("ArrowRight")
    guess(quiz).fill("−4")
    guess(quiz).press("Enter")
    expect(verdict(quiz)).to_have_text("Right. 1 of 2 at the first try.")
    expect(quiz.node("x").locator(".gradient")).to_have_text("")


def test_what_is_no_number_is_no_answer(quiz: Explorer) -> None:
    guess(quiz).fill("<b>three")
    guess(quiz).press("Enter")
    expect(verdict(quiz)).to_contain_text("Type a number")
    expect(verdict(quiz)).not_to_have_class(re.compile("wrong|right"))
    # nor is it lost when the graph comes anew meanwhile
    quiz.field("x").fill("-2.5")
    quiz.expect_numbers("x", "-2.5", "")
    expect(guess(quiz)).to_have_value("<b>three")
    expect(verdict(quiz)).to_contain_text("Type a number")


def test_the_next_step_shows_the_answer_and_the_end_shows_all(quiz: Explorer) -> None:
    quiz.button("Next step").click()
    expect(guess(quiz)).to_have_count(0)
    expect(quiz.node("z").locator(".gradient")).to_have_text("3")
    for _ in range(6):
        quiz.button("Next step").click()
    expect(quiz.step).to_have_text("8 / 8")
    expect(quiz.key("lower").get_by_role("tabpanel").first).to_be_visible()
    for card, gradient in (("x", "−4"), ("y", "−4"), ("z", "3"), ("a", "−4")):
        expect(quiz.node(card).locator(".gradient")).to_have_text(gradient)


def test_a_list_is_asked_for_where_the_gradient_is_one(explorer: Explorer) -> None:
    explorer.open(f="2*torch.dot(x, x)", in_x="torch.arange(4.0)", ask="1")
    explorer.button("Next step").click()
    explorer.button("Next step").click()
    guess(explorer).fill("[0, 4, 8, 12]")
    guess(explorer).press("Enter")
    expect(verdict(explorer)).to_have_class(re.compile("right"))


def test_the_link_keeps_it_and_a_clicker_asks_and_answers(explorer: Explorer) -> None:
    explorer.open(f=CHAIN, present="1", ask="1", **CHAIN_AT)
    expect(guess(explorer)).to_be_visible()
    explorer.page.locator("body").press("PageDown")
    expect(explorer.node("z").locator(".gradient")).to_have_text("3")
    explorer.page.locator("body").press("PageDown")
    expect(guess(explorer)).to_be_visible()
    explorer.button("Quiz me").click()
    expect(guess(explorer)).to_have_count(0)
    expect(explorer.page).not_to_have_url(re.compile("ask=1"))
