"""Lessons in the browser: asked, answered wrongly and rightly, by keyboard alone and by touch."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, expect

from tests.browser.explorer import Explorer

OWN = """+++
title = "<b>Mine</b>"
learns = "Squares."
minutes = 1
inputs.x = "3.0"
+++
```python
x * x
```

Go [to the end](end).

```try
label = "At *0* :smile: $y$ x_1_ `x` <b>is</b> :red[flat] -> 0"
set = { x = "0.0" }
```
"""


def question(explorer: Explorer, number: int) -> Locator:
    return explorer.key("lesson").get_by_role("region", name=f"Question {number}")


def test_a_lesson_is_gone_through_with_the_keyboard_alone(explorer: Explorer) -> None:
    explorer.open(lesson="chain")
    first, second = question(explorer, 1), question(explorer, 2)
    expect(second).to_be_hidden()
    explorer.key("lesson").get_by_role("button", name="line 2").press("Enter")
    expect(explorer.key("source").locator("mark.lit")).to_have_text("a = x + y")
    expect(explorer.key("lower").get_by_role("tabpanel").first).to_be_hidden()
    expect(explorer.key("withheld")).to_have_text("The results stay hidden until you answer.")
    expect(explorer.key("withheld")).to_be_visible()
    keys = explorer.page.keyboard
    explorer.page.evaluate("document.activeElement.blur()")
    keys.press("ArrowDown")
    expect(first.get_by_role("textbox")).to_be_focused()
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
    expect(explorer.key("withheld")).to_be_hidden()
    for _ in range(3):  # past the things to try
        keys.press("ArrowDown")
    expect(explorer.page.get_by_role("button", name="Next: Gradients add up")).to_be_focused()


def test_what_was_answered_is_remembered_and_forgotten(explorer: Explorer) -> None:
    explorer.open(lesson="kink")
    question(explorer, 1).get_by_role("button", name="Show me").click()
    explorer.open(lesson="kink")
    expect(question(explorer, 1)).to_contain_text("the middle between the two")
    expect(question(explorer, 2)).to_be_visible()
    explorer.key("course").get_by_role("button", name="All lessons").click()
    course = explorer.page.get_by_role("dialog", name="All lessons")
    row = course.get_by_role("listitem").filter(has_text="A kink: what").first
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


def arrow(explorer: Explorer, source: str, target: str) -> tuple[float, float]:
    """The middle of the arrow between two cards on the screen."""
    ends = [explorer.node(name).get_attribute("id") for name in (source, target)]
    line = explorer.graph.locator(f'[data-source="{ends[0]}"][data-target="{ends[1]}"] .line')
    x, y = line.evaluate(
        """line => {
          const at = line.getPointAtLength(line.getTotalLength() / 2);
          const { x, y } = at.matrixTransform(line.getScreenCTM());
          return [x, y];
        }"""
    )
    return x, y


def test_arrows_are_pointed_at_or_chosen_from_a_list(explorer: Explorer) -> None:
    explorer.open(lesson="fork")
    first = question(explorer, 1)
    explorer.page.mouse.click(*arrow(explorer, "a", "d"))
    expect(first.locator(".verdict.wrong")).to_contain_text("the slope of the sine")
    first.locator("summary").focus()
    explorer.page.keyboard.press("ArrowDown")  # a closed list is passed by
    expect(first.get_by_role("button", name="Hint")).to_be_focused()
    first.locator("summary").click()
    first.get_by_role("button", name="b → c").click()
    expect(first.locator(".verdict.wrong")).to_contain_text("leads to b")
    explorer.page.mouse.click(*arrow(explorer, "a", "c"))
    expect(first).to_contain_text("The product sends a the other factor")


def test_a_card_is_tapped_and_words_drive_the_figure_on_a_phone(
    browser: Browser, browser_context_args: dict[str, Any], server: str
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    context = browser.new_context(**{**browser_context_args, **phone})
    explorer = Explorer(context.new_page(), lambda **asked: f"{server}?{urlencode(asked)}")
    explorer.open(lesson="asking")
    question(explorer, 1).get_by_role("button", name="None").tap()
    second = question(explorer, 2)
    explorer.button("Fit").tap()
    explorer.node("y").tap(position={"x": 5, "y": 5}, force=True)
    expect(second.locator(".verdict.wrong")).to_contain_text("y was computed from x")
    explorer.node("x").tap(position={"x": 5, "y": 5}, force=True)
    expect(second).to_contain_text("only of such leaves")
    explorer.open(lesson="square")
    for _ in range(2):
        explorer.key("lesson").get_by_text("Show me").locator("visible=true").tap()
    explorer.key("lesson").get_by_role("button", name="x = 0").tap()
    expect(explorer.field("x")).to_have_value("0")
    expect(explorer.graph.locator(".stage")).to_be_in_viewport(ratio=0.9)
    context.close()


def test_the_figure_stays_beside_a_long_lesson_and_the_next_one_begins_at_its_top(
    explorer: Explorer,
) -> None:
    page = explorer.page
    page.set_viewport_size({"width": 1366, "height": 600})
    explorer.open(lesson="fork")
    for number in (1, 2):
        question(explorer, number).get_by_role("button", name="Show me").click()
    explorer.key("lesson").get_by_role("button", name="Step slowly").click()
    expect(explorer.step).to_have_text("7 / 9")
    expect(explorer.graph.locator(".stage")).to_be_in_viewport(ratio=0.9)
    page.get_by_role("button", name="Next: One input").press("Enter")
    heading = explorer.key("lesson").get_by_role("heading", name="One input, used twice")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(explorer.key("masthead")).to_be_in_viewport()
    expect(explorer.key("lower").get_by_role("tabpanel").first).to_be_hidden()
    for label in explorer.key("lower").get_by_test_id("stWidgetLabel").all():
        expect(label).to_be_hidden()


def test_a_quiz_is_led_through_with_hints_and_ends_with_what_was_answered(
    explorer: Explorer,
) -> None:
    explorer.open(quiz="practice-1-12,kink")
    page, heading = explorer.page, explorer.graph.locator("header")
    guess, verdict = heading.get_by_role("textbox"), heading.get_by_role("status")
    for right in ("1 of 1", "2 of 2"):  # (x − y) · 4
        guess.fill("4")
        guess.press("Enter")
        expect(verdict).to_contain_text(f"{right} at the first try")
        page.keyboard.press("ArrowRight")
    guess.fill("4")
    guess.press("Enter")
    expect(verdict).to_contain_text("what is subtracted gets the gradient with the other sign")
    for said in ("what arrives on: unchanged", "4 × (−1).", "4 × (−1) = −4"):
        heading.get_by_role("button", name="Hint").click()
        expect(verdict).to_contain_text(said)
    guess.fill("-4")
    guess.press("Enter")
    page.get_by_role("button", name="Next: A kink").click()
    expect(explorer.key("lesson")).to_contain_text("Quiz, part 2 of 2")
    for number in (1, 2):
        question(explorer, number).get_by_role("button", name="Show me").click()
    outcome = page.get_by_role("dialog", name="Quiz")
    expect(outcome).to_contain_text("2 of 5 at the first try")
    expect(outcome.get_by_role("button", name="Practice, level 1")).to_contain_text("✓ ✓ ○")
    outcome.get_by_role("button", name="Leave the quiz").click()
    expect(page).not_to_have_url(re.compile("quiz="))


def test_the_plan_on_paper_is_read_as_it_was_written(explorer: Explorer) -> None:
    explorer.open(lang="zh")
    explorer.key("course").get_by_role("button", name="全部课程").click()
    explorer.page.add_init_script("window.print = () => undefined")
    with explorer.page.expect_popup() as opened:
        explorer.key("course").get_by_role("button", name="打印").click()
    expect(opened.value.locator("body")).to_contain_text("链式法则：(x + y) · z")


def test_a_file_of_one_s_own_is_opened_and_has_a_link(explorer: Explorer, tmp_path: Path) -> None:
    file = tmp_path / "mine.en.md"
    file.write_text(OWN.replace("(end)", "(nowhere)"), "utf-8")
    explorer.open()
    explorer.key("course").get_by_role("button", name="All lessons").click()
    explorer.key("course").locator("input[type=file]").set_input_files(file)
    expect(explorer.error).to_contain_text("line 11: The link “nowhere” drives nothing")
    file.write_text(OWN, "utf-8")
    explorer.key("course").get_by_role("button", name="All lessons").click()
    explorer.key("course").locator("input[type=file]").set_input_files(file)
    expect(explorer.key("lesson").get_by_role("heading")).to_have_text("<b>Mine</b>")
    said = explorer.key("trials").get_by_test_id("stMarkdownContainer").first
    expect(said).to_contain_text("At *0*")
    shown = (said.text_content() or "").replace("\u2060", "")
    assert shown == "At *0* :smile: $y$ x_1_ `x` <b>is</b> :red[flat] -> 0"
    expect(explorer.page).to_have_url(re.compile("lesson=own"))
    explorer.page.reload()
    expect(explorer.key("lesson").get_by_role("heading")).to_have_text("<b>Mine</b>")
