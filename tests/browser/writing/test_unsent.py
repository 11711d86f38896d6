"""The inputs' own script in an empty page: values that are set while an answer is on its way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from viz.page.components import HERE
from viz.page.components.bundle import bundled

SCRIPT = bundled(HERE / "inputs" / "inputs.js")

START = """
() => {
  document.body.innerHTML = "<div id=root></div>";
  window.sent = [];
  const component = { setStateValue: (_, value) => window.sent.push(value) };
  window.data = (text, echo) => ({ edition: 1, echo, random: false, stale: false, seed: 0,
    wrong: null, labels: { inputs: "Inputs", value: "Value of {name}", seed: "Seed", anew: "Draw",
      back: "Back to {name}" },
    inputs: [{ name: "x", kind: "number", text }] });
  window.inputs = new Inputs(document.getElementById("root"), component);
  window.inputs.update(window.data("1.0", 0));
}
"""


@pytest.fixture
def inputs(page: Page) -> Page:
    page.goto("about:blank")
    page.add_script_tag(content=f"{SCRIPT}\nwindow.Inputs = modules['inputs/inputs.js'].Inputs;")
    page.evaluate(START)
    return page


def test_an_older_answer_does_not_take_back_a_value_that_was_not_yet_sent(inputs: Page) -> None:
    inputs.evaluate("inputs.set('x', '1.1', 0)")
    inputs.wait_for_function("sent.length === 1")
    inputs.evaluate("inputs.set('x', '1.8'); inputs.update(data('1.1', sent[0].at))")
    inputs.wait_for_function("sent.length === 2")
    assert inputs.evaluate("sent[1].texts.x") == "1.8"
    assert inputs.locator("#field-x").input_value() == "1.8"


def test_the_last_answer_is_shown(inputs: Page) -> None:
    inputs.evaluate("inputs.set('x', '1.1', 0)")
    inputs.wait_for_function("sent.length === 1")
    inputs.evaluate("inputs.update(data('1.25', sent[0].at))")
    assert inputs.locator("#field-x").input_value() == "1.25"


def test_an_answer_that_never_comes_does_not_hold_the_next_value_back(inputs: Page) -> None:
    inputs.evaluate("inputs.set('x', '1.1', 0)")
    inputs.wait_for_function("sent.length === 1")
    inputs.evaluate("inputs.set('x', '1.8')")
    inputs.wait_for_function("sent.length === 2")
    assert inputs.evaluate("sent[1].texts.x") == "1.8"


def test_a_number_of_a_chinese_keyboard_is_a_number(inputs: Page) -> None:
    field = inputs.locator("#field-x")
    field.fill("－４．５")
    inputs.wait_for_function("sent.length === 1")
    assert inputs.evaluate("sent[0].texts.x") == "-4.5"
    assert inputs.get_by_role("slider").input_value() == "-4.5"
    field.blur()  # then the field shows what was read
    assert field.input_value() == "-4.5"
