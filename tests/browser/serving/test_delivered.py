"""What somebody does while a busy server still sends the page takes no part of it away."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import served
from tests.browser.explorer import OPENING, Explorer

SET = """(field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
"""Sets an input and leaves the caret where it is."""


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    with served("tests/browser/serving/slow_app.py") as (address, _process):
        yield address


def test_each_part_stays_where_the_whole_page_is_followed_by_a_part(page: Page, slow: str) -> None:
    explorer = Explorer(page, lambda **parameters: f"{slow}?{urlencode(parameters)}")
    explorer.open(wait=False, f="x*x", in_x="3")
    page.wait_for_selector(".st-key-graph .node", timeout=OPENING)
    for text in ("1.5", "0.5"):  # while the rest of the page is on its way
        page.wait_for_timeout(300)
        explorer.field("x").evaluate(SET, text)
    for part in (".player", "textarea"):
        page.locator(part).first.evaluate("one => { one.dataset.first = 'yes'; }")
    explorer.source.focus()
    explorer.expect_numbers("x", "0.5", "1")
    for part in (".player", "textarea"):
        expect(page.locator(part).first).to_have_attribute("data-first", "yes")
    expect(explorer.source).to_be_focused()
