"""The page under a thumb: a touch screen of 390×844."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.explorer import Explorer

SMALL = """(exceptions) => {
  const found = [];
  const walk = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.shadowRoot) walk(each.shadowRoot);
      if (!each.matches("button, a[href], input, select, summary, textarea, [role=tab]")) continue;
      if (each.matches(exceptions)) continue;
      const slider = each.closest(".stSlider [role=group] > div");
      const box = (slider ?? each).getBoundingClientRect();
      const seen = box.width > 2 && box.height > 2 && box.right > 0 && box.left < innerWidth &&
        getComputedStyle(each).visibility !== "hidden" && getComputedStyle(each).opacity !== "0";
      if (seen && box.height < 43.5) {
        found.push(`${each.outerHTML.slice(0, 120)}: ${box.height}`);
      }
    }
  };
  walk(document);
  return found;
}"""
"""What can be clicked and is less than 44 px high."""
EXCEPTIONS = ".drives, .panel a, .panel .path, [role=switch]"
"""Words within a sentence stand in its lines; a switch is inside of its label."""

OVERLAPPING = """() => {
  const found = [];
  const walk = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.shadowRoot) walk(each.shadowRoot);
      if (!each.matches("button, a[href], input, select, textarea, [role=tab]")) continue;
      const seen = { visibilityProperty: true, opacityProperty: true };
      if (each.closest(".stSidebar, svg") || !each.checkVisibility(seen)) continue;
      const box = each.getBoundingClientRect();
      if (box.width > 2 && box.height > 2) found.push([each, box]);
    }
  };
  walk(document);
  const name = (each) => each.getAttribute("aria-label") ?? each.textContent;
  return found.flatMap(([one, a], at) => found.slice(at + 1)
    .filter(([other]) => !one.contains(other) && !other.contains(one))
    .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
    .map(([other]) => `${name(one)} / ${name(other)}`));
}"""
"""Pairs of what can be clicked that lie one over the other."""


@pytest.fixture
def phone(browser: Browser, explorer: Explorer) -> Iterator[Explorer]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
        locale="en-US",
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(15_000)
    yield Explorer(context.new_page(), explorer._address)
    context.close()


def small(phone: Explorer) -> Any:
    return phone.page.evaluate(SMALL, EXCEPTIONS)


def clear(phone: Explorer) -> bool:
    """Whether nothing is small, nothing lies over another, and the page scrolls one way only."""
    assert small(phone) == []
    assert phone.page.evaluate(OVERLAPPING) == []
    assert phone.page.evaluate("document.scrollingElement.scrollWidth") == 390
    return True


def test_all_that_can_be_touched_is_44_px_high_and_apart(phone: Explorer) -> None:
    phone.open(f="sin(x)*x**2", in_x="1.5", tools="secant,taylor,newton,descent,second,checks")
    expect(phone.curves).not_to_have_count(0)
    for formula in phone.key("lower").locator(".katex-html").all():
        assert formula.bounding_box()["width"] > 60  # type: ignore[index]
        assert formula.evaluate("(each) => each.getBoundingClientRect().right") < 390
    assert small(phone) == []
    figure, inputs = phone.graph.bounding_box(), phone.key("inputs").bounding_box()
    assert figure is not None
    assert inputs is not None
    # the slider stands right below the picture that it moves
    assert 0 <= inputs["y"] - (figure["y"] + figure["height"]) < 60
    save = phone.page.get_by_role("button", name="Save", exact=True)
    save.click()
    expect(phone.page.get_by_role("button", name="JSON")).to_be_visible()
    assert small(phone) == []
    save.click()
    course = phone.key("course")
    course.get_by_role("button", name="All lessons").click()
    expect(course.get_by_text("Put together a quiz")).to_be_visible()
    assert small(phone) == []
    course.get_by_role("button", name="Close").click()
    phone.page.get_by_test_id("stExpandSidebarButton").click()
    aside = phone.page.get_by_test_id("stSidebar")
    expect(aside).to_be_in_viewport()
    assert small(phone) == []
    aside.get_by_role("radio", name="downwards").click()
    expect(aside).not_to_be_in_viewport()
    for name in ("Surface", "Steps", "Code"):
        phone.page.get_by_role("tab", name=name).click()
        phone.at_rest()
        assert clear(phone)
    phone.open(lesson="chain", tab="jacobian", lang="zh")
    phone.at_rest()
    expect(phone.page.get_by_role("tab", selected=True)).to_have_text("雅可比矩阵")
    assert clear(phone)
