"""The address holds how the figures are looked at, and whether the sidebar is open."""

from __future__ import annotations

import re

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.explorer import Explorer
from tests.browser.test_history import choose

CAMERA = "key => Object.values(document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullLayout"
EYE = f"{CAMERA}.scene.camera.eye)"
RANGE = f"{CAMERA}.xaxis.range).map(Number)"


def dragged(page: Page, key: str) -> None:
    box = page.locator(f".st-key-{key} .js-plotly-plot").bounding_box()
    assert box is not None
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(across, down)
    page.mouse.down()
    page.mouse.move(across + 40, down + 10, steps=3)
    page.mouse.move(across + 80, down + 30, steps=3)
    page.mouse.up()


def near(page: Page, look: str, key: str, told: list[float]) -> bool:
    found = page.evaluate(look, key)
    return all(abs(one - other) < 0.01 for one, other in zip(found, told, strict=True))


def test_the_address_opens_the_figures_as_they_are_looked_at(explorer: Explorer) -> None:
    page = explorer.page
    page.set_viewport_size(ViewportSize(width=1400, height=1500))
    explorer.open(f="x*x + 2*y*y", in_x="1.0", in_y="2.0", tab="surface")
    relief = page.locator(".st-key-relief .js-plotly-plot canvas").first
    expect(relief).to_be_visible()
    explorer.at_rest()
    plain = page.evaluate(EYE, "relief")
    dragged(page, "relief")
    dragged(page, "map")
    page.locator('[data-testid="stExpandSidebarButton"]').click()
    expect(page).to_have_url(re.compile("sidebar=1"))
    expect(page).to_have_url(re.compile("sight=map.*relief"))
    eye, seen = page.evaluate(EYE, "relief"), page.evaluate(RANGE, "map")
    assert not near(page, EYE, "relief", plain)
    address = page.url

    # a new value moves neither, a lesson leaves both behind, and Back leads to them
    explorer.field("x").fill("1.5")
    expect(page).to_have_url(re.compile(r"in\.x=1\.5"))
    explorer.at_rest()
    assert near(page, EYE, "relief", eye)
    assert near(page, RANGE, "map", seen)
    choose(explorer, "A kink")
    expect(page).to_have_url(re.compile("lesson=kink"))
    explorer.at_rest()
    expect(page).not_to_have_url(re.compile("sight="))
    page.go_back()
    expect(explorer.source).to_have_value("x*x + 2*y*y")
    expect(relief).to_be_visible()
    explorer.at_rest()
    expect(page).to_have_url(re.compile("sight=map.*relief"))
    assert near(page, EYE, "relief", eye)

    explorer.go(address).complete()
    expect(relief).to_be_visible()
    explorer.at_rest()
    assert near(page, EYE, "relief", eye)
    assert near(page, RANGE, "map", seen)
    sidebar = page.locator('[data-testid="stSidebar"]')
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    sidebar.hover()
    page.locator('[data-testid="stSidebarCollapseButton"] button').click()
    expect(page).not_to_have_url(re.compile("sidebar=1"))
    expect(page).to_have_url(re.compile("sight=map.*relief"))
