"""While something runs the old picture is dim, and the run can be stopped."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.explorer import OPENING, Explorer

AT_ONCE = """async (acts) => {
  const part = (key, inner) =>
    [...document.querySelectorAll(`.st-key-${key} *`)]
      .map((one) => one.shadowRoot?.querySelector(inner)).find(Boolean);
  const [area, stop] = [part("source", "textarea"), part("graph", ".awaited button")];
  const enter = { key: "Enter", ctrlKey: true, bubbles: true, composed: true };
  for (const act of acts) {
    if (act === "run") area.dispatchEvent(new KeyboardEvent("keydown", enter));
    else stop.click();
    await new Promise((over) => setTimeout(over, 5));
  }
}"""
"""Ctrl+Enter and Stop in one moment, each sent by itself: the server hears of all at once."""
LONG = "x = 0\nfor i in range(10**9):\n    x = x + torch.ones(1)\n"


def test_a_run_is_seen_and_can_be_stopped(explorer: Explorer) -> None:
    explorer.open(f="x*y", in_x="2.0", in_y="3.0")
    player = explorer.graph.locator(".player")
    expect(player).not_to_have_class(re.compile("awaiting"))
    explorer.type(LONG)
    expect(player).to_have_class(re.compile("awaiting"))
    told = re.compile(r"Round [\d,]+ of 1,000,000,000 …")
    expect(explorer.graph.locator(".awaited span")).to_have_text(told)
    clear = "one => getComputedStyle(one).opacity === '1'"
    for part in (*map(explorer.key, ("graph", "source")), explorer.key("withheld").locator("> *")):
        assert part.evaluate(clear)
    # it stands on the old picture, not on what is said of its step
    formula, badge = (
        explorer.graph.locator(part).bounding_box() for part in ("header", ".awaited")
    )
    assert formula is not None
    assert badge is not None
    assert badge["y"] >= formula["y"] + formula["height"]
    explorer.button("Stop").click()
    expect(explorer.error).to_contain_text("You stopped the run.")
    expect(player).not_to_have_class(re.compile("awaiting"))
    assert explorer.source.input_value() == LONG
    explorer.source.press("Control+Enter")  # runs it again, as the words there say
    expect(player).to_have_class(re.compile("awaiting"))
    explorer.page.evaluate(AT_ONCE, ["run", "stop"])
    expect(player).not_to_have_class(re.compile("awaiting"))
    expect(explorer.error).to_contain_text("You stopped the run.")
    explorer.source.press("Control+Enter")
    expect(player).to_have_class(re.compile("awaiting"))
    explorer.page.evaluate(AT_ONCE, ["stop", "run"])
    explorer.page.wait_for_timeout(1_000)
    expect(player).to_have_class(re.compile("awaiting"))
    explorer.button("Stop").click()
    expect(explorer.error).to_contain_text("You stopped the run.")
    explorer.type("x + 1")
    expect(explorer.error).to_have_count(0)
    expect(explorer.node("+")).to_be_visible()


def test_the_first_run_of_a_link_is_seen_and_can_be_stopped_too(explorer: Explorer) -> None:
    explorer.open(wait=False, f=LONG + "x + 2")
    awaited = explorer.key("waiting")
    expect(awaited).to_contain_text(re.compile(r"Round [\d,]+ of 1,000,000,000 …"), timeout=OPENING)
    awaited.get_by_role("button", name="Stop").click()
    expect(explorer.error).to_contain_text("You stopped the run.")
    expect(awaited).to_have_count(0)
    expect(explorer.page.get_by_text("This opens when the code has run")).to_be_visible()
    assert explorer.source.input_value() == LONG + "x + 2"
