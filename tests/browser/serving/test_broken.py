"""Where Streamlit takes everything off the page it is loaded anew, and nothing typed is lost."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.explorer import Explorer

PLOTS = "**/PlotlyChart*.js"
"""Streamlit's own script for plots, which it fetches when the first one comes."""
HOW = "performance.getEntriesByType('navigation')[0].type"


def test_a_script_that_does_not_arrive_is_asked_for_again(explorer: Explorer) -> None:
    failed: list[Route] = []

    def fail_once(route: Route) -> None:
        if failed:
            route.fallback()
        else:
            failed.append(route)
            route.abort()

    explorer.page.route(PLOTS, fail_once)
    explorer.open(f="sin(x)", in_x="1.5")
    expect(explorer.curves.first).to_be_attached()
    assert explorer.page.evaluate(HOW) == "reload"


def test_what_was_typed_stands_in_the_page_that_comes_anew(explorer: Explorer) -> None:
    explorer.open(f="sin(x)", in_x="1.5")
    explorer.complete()
    explorer.type("cos(x) * 3")
    explorer.page.evaluate("document.getElementById('root').replaceChildren()")
    expect(explorer.node("cos")).to_be_visible()
    expect(explorer.source).to_have_value("cos(x) * 3")
    explorer.complete()
    assert explorer.page.evaluate(HOW) == "reload"
