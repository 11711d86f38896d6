"""The browser's history: Back and Forward lead through the programs that the page put up."""

from __future__ import annotations

import re

from playwright.sync_api import ViewportSize, expect

from tests.browser.explorer import Explorer


def tall(explorer: Explorer) -> None:
    """All of the page is in sight: where it scrolls, an open list closes."""
    explorer.page.set_viewport_size(ViewportSize(width=1400, height=1500))


def choose(explorer: Explorer, title: str) -> None:
    explorer.at_rest()
    box = explorer.key("masthead").get_by_role("combobox")
    box.click()
    box.fill(title)  # of a long list only those in sight are there
    explorer.page.get_by_role("option", name=title).click()


def test_back_and_forward_lead_through_lessons_and_trials(explorer: Explorer) -> None:
    tall(explorer)
    explorer.open(lesson="chain")
    first = explorer.source.input_value()
    explorer.field("x").fill("2.5")
    expect(explorer.page).to_have_url(re.compile(r"in\.x=2\.5"))
    explorer.key("trials").get_by_role("button", name="Next").click()
    expect(explorer.page).to_have_url(re.compile("lesson=fork"))
    fork = explorer.source.input_value()
    # what somebody types replaces the address and is no place of its own
    explorer.type(f"{fork}\n# mine\n")
    expect(explorer.page).to_have_url(re.compile("mine"))
    choose(explorer, "A kink")
    expect(explorer.source).to_have_value("abs(x)")
    expect(explorer.page).to_have_url(re.compile("lesson=kink"))
    explorer.key("trials").get_by_role("button", name="sqrt").click()
    expect(explorer.source).to_have_value("sqrt(x)")
    expect(explorer.page).to_have_url(re.compile(r"f=sqrt"))

    explorer.page.go_back()
    expect(explorer.source).to_have_value("abs(x)")
    explorer.page.go_back()
    expect(explorer.source).to_have_value(f"{fork}\n# mine\n")
    expect(explorer.key("lesson")).to_contain_text("Gradients add up")
    explorer.page.go_back()
    expect(explorer.source).to_have_value(first)
    expect(explorer.field("x")).to_have_value("2.5")
    expect(explorer.key("masthead").get_by_role("combobox")).to_have_value(re.compile("The chain"))
    explorer.page.go_forward()
    expect(explorer.source).to_have_value(f"{fork}\n# mine\n")
    expect(explorer.page).to_have_url(re.compile("mine"))
    explorer.at_rest()
    expect(explorer.page).to_have_url(re.compile("mine"))


def test_back_sets_the_controls_to_what_the_address_says(explorer: Explorer) -> None:
    tall(explorer)
    explorer.open(f="x**4", in_x="1.0", step="2")
    expect(explorer.page).to_have_url(re.compile("step=2"))
    orders = explorer.page.locator("[class*=st-key-order]").get_by_role("radio", name="f″")
    orders.click()
    expect(explorer.page).to_have_url(re.compile("order=2"))
    choose(explorer, "A kink")
    expect(explorer.page).to_have_url(re.compile("lesson=kink"))
    expect(orders).to_have_count(0)  # the lesson asks first
    explorer.page.go_back()
    expect(explorer.source).to_have_value("x**4")
    expect(explorer.curves).to_have_count(3)
    expect(orders).to_be_checked()
    expect(explorer.step).to_have_text(re.compile("^2 /"))
