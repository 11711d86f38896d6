"""A server dies and comes back, or another replica takes over: the open tab loses nothing."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import free_port, served
from tests.browser.explorer import OPENING, Explorer


def parameters(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def test_a_tab_takes_along_what_it_holds_when_its_server_was_killed(page: Page) -> None:
    port = free_port()
    explorer = Explorer(page, lambda **told: f"http://127.0.0.1:{port}/?{urlencode(told)}")
    with served("streamlit_app.py", port=port) as (_address, process):
        explorer.open(f="x*x", in_x="2", show="values")
        explorer.type("sin(x)*x")
        explorer.field("x").fill("3")
        expect(explorer.node("x").locator(".value")).to_have_text("3")
        page.get_by_role("tab", name="Jacobian").click()
        explorer.button("Zoom in").click()
        page.wait_for_function("() => /tab=jacobian.*look=/.test(location.search)")
        process.kill()
        process.wait()
    held = parameters(page)
    # the server is gone: what is typed now has nobody to go to
    explorer.field("x").fill("4")
    explorer.type("cos(x)*x")
    with served("streamlit_app.py", port=port):
        expect(explorer.node("x").locator(".value")).to_have_text("4", timeout=OPENING)
        expect(explorer.node("cos")).to_be_visible()
        explorer.at_rest()
        expect(explorer.source).to_have_value("cos(x)*x")
        expect(explorer.field("x")).to_have_value("4")
        held.pop("look")  # another picture opens as pictures open
        page.wait_for_function("() => location.search.includes('in.x=4')")
        page.wait_for_timeout(300)
        assert parameters(page) == {**held, "f": "cos(x)*x", "in.x": "4.0"}
        explorer.type("exp(x)")
        expect(explorer.node("exp")).to_be_visible()
