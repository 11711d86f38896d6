"""The editor: text, gutter and marks scroll as one; errors in sight; undo, keys, and readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.explorer import Explorer

LONG = (
    "def f(x):\n    y = x\n"
    + "".join(f"    y = y * 1.01 + {n}.0\n" for n in range(57))
    + "    return y"
)
"""Sixty lines that run."""
BROKEN = LONG.replace("    y = y * 1.01 + 55.0\n", "    y = y * 1.01 + unknown_name\n")
"""The same with an unknown name in line 58."""
WIDE = "def f(x):\n    return " + " + ".join(f"x**{n}" for n in range(2, 40)) + " + unknown_name"

LAID_OUT = """(area) => {
  const root = area.getRootNode();
  const part = (name) => root.querySelector(name);
  const [box, sheet, gutter] = [".editor", ".sheet", ".gutter"].map(part);
  const top = (one) => Math.round(one.getBoundingClientRect().top * 10) / 10;
  return {
    lines: area.value.split("\\n").length,
    rows: sheet.children.length, numbers: gutter.children.length,
    apart: [...sheet.children].map((row, at) => Math.abs(top(row) - top(gutter.children[at]))),
    shift: area.getBoundingClientRect().top - sheet.getBoundingClientRect().top,
    inner: [area.scrollHeight - area.clientHeight, area.scrollWidth - area.clientWidth],
    seen: box.clientHeight, all: box.scrollHeight, top: box.scrollTop, left: box.scrollLeft,
  };
}"""
"""Where the layers of the editor are."""


def layers(explorer: Explorer) -> dict[str, Any]:
    found: dict[str, Any] = explorer.source.evaluate(LAID_OUT)
    return found


def together(found: dict[str, Any]) -> None:
    """Text, gutter and marks stand at the same heights, and the text does not scroll alone."""
    assert found["rows"] == found["numbers"] == found["lines"]
    assert max(found["apart"]) < 1
    assert abs(found["shift"]) < 1
    assert max(found["inner"]) <= 0


def scrolled(explorer: Explorer, way: str, act: Callable[[], object]) -> None:
    """Acts with the pointer over the editor and waits until it has moved."""
    before = layers(explorer)[way]
    explorer.key("source").locator(".editor").hover()
    act()
    moved = f"([area, before]) => ({LAID_OUT})(area).{way} > before"
    explorer.page.wait_for_function(moved, arg=[explorer.source.element_handle(), before])


def in_sight(explorer: Explorer, selector: str) -> bool:
    """Whether all of an element of the editor's is within the box and within the window."""
    inside: bool = (
        explorer.key("source")
        .locator(selector)
        .first.evaluate(
            """(one) => {
          const home = one.getRootNode().querySelector(".editor");
          const [it, box] = [one, home].map((each) => each.getBoundingClientRect());
          return it.top >= box.top && it.bottom <= box.bottom && it.right <= box.right
            && it.left >= box.left && it.bottom <= innerHeight;
        }"""
        )
    )
    return inside


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_sixty_lines_scroll_as_one_and_their_error_is_in_sight(
    explorer: Explorer, width: int, height: int
) -> None:
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.open(f=LONG)
    explorer.at_rest()
    found = layers(explorer)
    together(found)
    assert found["lines"] == 60
    assert found["seen"] < found["all"]
    assert found["seen"] <= height / 2 + 1
    scrolled(explorer, "top", lambda: explorer.page.mouse.wheel(0, 400))
    together(layers(explorer))
    explorer.type(BROKEN)
    expect(explorer.key("source").locator("mark.wrong")).to_have_text("unknown_name")
    expect(explorer.error).to_contain_text("ine 58")
    expect(explorer.error).to_be_in_viewport(ratio=1)
    explorer.complete()
    assert in_sight(explorer, "mark.wrong")
    together(layers(explorer))


def test_a_link_opens_with_its_error_in_sight(explorer: Explorer) -> None:
    explorer.page.set_viewport_size({"width": 1366, "height": 768})
    explorer.open(f=BROKEN, wait=False)
    expect(explorer.key("source").locator("mark.wrong")).to_have_text("unknown_name")
    expect(explorer.error).to_be_in_viewport(ratio=1)
    explorer.complete()
    assert in_sight(explorer, "mark.wrong")


def test_an_error_elsewhere_leaves_the_line_that_is_written_in_sight(explorer: Explorer) -> None:
    explorer.open(f=BROKEN, wait=False)
    expect(explorer.error).to_have_count(1)
    explorer.source.press("Control+Home")
    explorer.source.press("End")
    explorer.page.keyboard.type("  ")
    expect(explorer.error).to_have_count(1)
    explorer.at_rest()
    assert layers(explorer)["top"] == 0


def test_long_lines_scroll_with_their_marks(explorer: Explorer) -> None:
    explorer.open(f=WIDE, wait=False)
    expect(explorer.key("source").locator("mark.wrong")).to_have_text("unknown_name")
    explorer.complete()
    found = layers(explorer)
    together(found)
    assert found["left"] > 0, "the error at the line's end is brought into sight"
    assert in_sight(explorer, "mark.wrong")


def test_the_caret_stays_in_sight(explorer: Explorer) -> None:
    explorer.open(f=LONG)
    explorer.at_rest()
    explorer.source.press("Control+Home")
    scrolled(explorer, "top", lambda: [explorer.source.press("PageDown") for _ in range(4)])
    together(layers(explorer))
    explorer.source.press("Control+End")
    for _ in range(3):
        explorer.source.press("Enter")
        explorer.page.keyboard.type("# more")
    found = layers(explorer)
    together(found)
    assert found["lines"] == 63
    assert found["top"] + found["seen"] >= found["all"] - 30, "the last line is seen"
    for _ in range(30):
        explorer.source.press("PageUp")
    assert layers(explorer)["top"] == 0


def test_page_down_keeps_the_column_and_shift_selects(explorer: Explorer) -> None:
    explorer.open(f=LONG)
    explorer.source.press("Control+Home")
    for _ in range(3):
        explorer.source.press("ArrowRight")
    explorer.source.press("Shift+PageDown")
    start, stop, text = explorer.source.evaluate(
        "(area) => [area.selectionStart, area.selectionEnd, area.value]"
    )
    assert start == 3
    assert len(text[:stop].split("\n")[-1]) == 3
    assert text[:stop].count("\n") >= 4


def test_undo_takes_back_what_keys_did_and_the_field_has_a_name(explorer: Explorer) -> None:
    explorer.open(f="x**2", in_x="1.0")
    expect(explorer.page.get_by_role("textbox", name="Your function")).to_have_count(1)
    explorer.source.press("End")
    explorer.page.keyboard.type(" + 3")
    explorer.source.press("Enter")
    expect(explorer.source).to_have_value("x**2 + 3\n")
    for _ in range(5):
        explorer.source.press("Control+z")
    expect(explorer.source).to_have_value("x**2")
