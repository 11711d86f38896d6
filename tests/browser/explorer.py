"""The page as a test sees it: by its stable keys, never by Streamlit's own markup."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

MINUS = "−"
OPENING = 120_000
"""Milliseconds that a page may take to open."""


class Explorer:
    """One open page."""

    def __init__(self, page: Page, address: Callable[..., str]) -> None:
        self.page = page
        self._address = address

    def open(self, wait: bool = True, **parameters: str) -> Explorer:
        """Opens a link; dots in names are written `in_x`."""
        named = {re.sub(r"^in_", "in.", name): text for name, text in parameters.items()}
        return self.go(self._address(**named), wait)

    def go(self, address: str, wait: bool = True) -> Explorer:
        """Loads the page of an address."""
        # the first visitor waits for torch and all of the page's scripts, on a busy machine for
        # long: that the picture is there counts, not the clock
        self.page.goto(address, wait_until="commit", timeout=OPENING)
        if wait:
            expect(self.graph.locator(".node").first).to_be_visible(timeout=OPENING)
        return self

    def at_rest(self) -> None:
        """Waits until the script has run and its messages are shown."""
        app = self.page.locator('[data-testid="stApp"]')
        expect(app).to_have_attribute("data-test-script-state", "notRunning")

    def complete(self) -> None:
        """Waits until the rest of the page has followed the first picture."""
        expect(self.key("sights")).to_be_attached()
        self.at_rest()

    def key(self, name: str) -> Locator:
        return self.page.locator(f".st-key-{name}")

    @property
    def graph(self) -> Locator:
        return self.key("graph")

    @property
    def source(self) -> Locator:
        return self.key("source").locator("textarea")

    @property
    def error(self) -> Locator:
        return self.page.locator(".st-key-refusal .notice, .st-key-error .notice")

    def type(self, source: str) -> None:
        self.source.fill(source)

    def field(self, name: str) -> Locator:
        """The number or text field of an input."""
        return self.key("inputs").locator(f"#field-{name}")

    def slider(self, name: str) -> Locator:
        return self.key("inputs").get_by_role("slider", name=name, exact=True)

    def node(self, title: str) -> Locator:
        """The card with this title or variable name."""
        text = self.page.locator(".title, .name").filter(
            has_text=re.compile(f"^{re.escape(title)}$")
        )
        return self.graph.locator(".node").filter(has=text)

    def numbers(self, title: str) -> tuple[str, str]:
        """What a card shows as value and gradient; empty where it is blank."""
        card = self.node(title)
        texts = [card.locator(part).first.text_content() or "" for part in (".value", ".gradient")]
        return texts[0].replace(MINUS, "-"), texts[1].replace(MINUS, "-")

    def expect_numbers(self, title: str, value: str, gradient: str) -> None:
        """Waits until a card shows these."""
        card = self.node(title)
        for part, text in ((".value", value), (".gradient", gradient)):
            expect(card.locator(part).first).to_have_text(text.replace("-", MINUS))

    @property
    def step(self) -> Locator:
        return self.graph.locator(".count").last

    def button(self, name: str) -> Locator:
        return self.graph.get_by_role("button", name=name, exact=True)

    @property
    def curves(self) -> Locator:
        """The lines that plotly drew."""
        return self.key("curve").locator(".scatterlayer .trace .js-line")
