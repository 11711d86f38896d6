"""What is read on the cards, measured in the browser: every text of every lesson's opening view, in
each font that a visitor's system may have; and what the browser says on its console meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from tests.browser.explorer import Explorer
from viz.lessons import KEYS, Variation, lesson

FONTS = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "sans-serif")
LEAST = 11.0
"""Pixels that a text is high at least, by its font's size, when a lesson opens."""

MEASURED = """(svg, fonts) => {
  if (!svg.getBoundingClientRect().width) return null;
  const wrong = [], width = svg.viewBox.baseVal.width;
  const texts = (of) => [...of.querySelectorAll("text")].filter((one) => one.textContent.trim());
  const meet = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 0 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4;
  const scale = svg.getBoundingClientRect().width / width;
  const sizes = texts(svg).map((one) => parseFloat(getComputedStyle(one).fontSize) * scale);
  const cards = [...svg.querySelectorAll(".card")].map((one) => one.getBoundingClientRect());
  for (const font of fonts) {
    svg.style.fontFamily = font;
    for (const node of svg.querySelectorAll(".node")) {
      const card = node.querySelector(".card").getBoundingClientRect();
      const boxes = texts(node).map((one) => [one.textContent, one.getBoundingClientRect()]);
      boxes.forEach(([text, box], at) => {
        if (box.left < card.left + 1 || box.right > card.right - 1) wrong.push([font, text]);
        if (box.top < card.top - 1 || box.bottom > card.bottom + 1) wrong.push([font, text]);
        for (const [other, its] of boxes.slice(at + 1)) {
          if (meet(box, its)) wrong.push([font, text, other]);
        }
      });
    }
    for (const text of texts(svg.querySelector(".edges"))) {
      const box = text.getBoundingClientRect();
      if (cards.some((card) => meet(box, card))) wrong.push([font, text.textContent, "on a card"]);
    }
  }
  svg.style.fontFamily = "";
  return { least: Math.min(...sizes), wrong };
}"""


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What the browser said on its console that is an error."""
    return []


@pytest.fixture(scope="module")
def lessons(browser, browser_context_args, said) -> Iterator[Page]:
    """One page, small as a laptop's, that opens one lesson after the other."""
    args = {**browser_context_args, "viewport": {"width": 1366, "height": 768}}
    context = browser.new_context(**args)
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    yield page
    context.close()


def measured(explorer: Explorer) -> dict[str, Any]:
    """What is wrong with the picture's texts; asked again where a new one just took its place."""
    for _ in range(20):
        found = explorer.graph.locator("svg.graph").evaluate(MEASURED, list(FONTS))
        if found is not None:
            return found
        explorer.page.wait_for_timeout(100)
    raise AssertionError("no picture was there to be measured")


@pytest.mark.parametrize("key", KEYS)
def test_every_text_fits_its_card_and_can_be_read(
    key: str, lessons: Page, server: str, said: list[str]
) -> None:
    """The program without its lesson, whose open question would hide the numbers of its cards."""
    said.clear()
    shown = lesson(key)
    assert shown is not None
    explorer = Explorer(lessons, lambda **asked: f"{server}?{urlencode(asked)}")
    others = (trial for trial in shown.trials if trial.source or trial.replace)
    for place, program in enumerate((Variation(), *others)):
        source = shown.source_of(program)
        if "requires_grad" in shown.source and "requires_grad" not in source:
            continue  # nothing is recorded, so there is no picture
        inputs = {f"in_{name}": text for name, text in {**shown.inputs, **program.set}.items()}
        explorer.open(f=source, **inputs)
        explorer.at_rest()
        found = measured(explorer)
        assert found["wrong"] == []
        if place == 0:
            assert found["least"] >= LEAST
    assert said == []
