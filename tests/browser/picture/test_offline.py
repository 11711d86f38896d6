"""The run as one file, played without a server and with the network off."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from viz import draw, trace


def test_a_saved_run_plays_without_a_network(page: Page, tmp_path: Path) -> None:
    def f(x, y):
        h = x
        for _ in range(9):
            h = (h * y).sin()
        return h + x.log()

    file = draw(trace(f, 1.0, 2.0)).save(tmp_path / "run.html")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.context.set_offline(True)
    page.goto(file.as_uri())
    page.get_by_role("button", name="First step").click()
    expect(page.locator("#n0-value")).to_have_text("1")
    expect(page.locator("#n2-value")).to_have_text("")
    page.get_by_role("button", name="Next step").click()
    expect(page.locator("#n2-value")).to_have_text("2")
    cards = page.locator("g.node")
    folded = cards.count()
    page.locator("g.node.stack").click()
    expect(cards).not_to_have_count(folded)
    assert said == []


def test_without_scripts_the_picture_stands_still(browser, tmp_path: Path) -> None:
    file = draw(trace(lambda x: x.sin(), 1.0)).save(tmp_path / "run.html")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    expect(page.locator("svg.graph .title", has_text="sin")).to_be_visible()
    context.close()


def test_a_player_in_a_hidden_place_opens_to_be_read(page: Page, tmp_path: Path) -> None:
    def f(x):
        x = x.sin().cos().exp().tanh().sigmoid().atan().sinh()
        return x.asinh().erf().expm1().square().abs().log().neg()

    file = draw(trace(f, 1.0)).save(tmp_path / "run.html")
    hidden = file.read_text("utf-8").replace("<html ", "<html style='display: none' ", 1)
    file.write_text(hidden, "utf-8")  # as in a closed output
    page.goto(file.as_uri())
    canvas = page.locator(".canvas")
    expect(canvas).to_have_count(1)
    page.evaluate("document.documentElement.style.display = ''")
    expect(canvas).to_have_css("transform", re.compile(r"matrix\(1, 0, 0, 1, "))
