"""A server dies and comes back, or another replica takes over: the open tab loses nothing."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

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
        with page.expect_console_message(lambda said: "is not responding" in said.text):
            process.kill()
            process.wait()
    # Streamlit's dialog is closed: it would cover the page, and let nobody type
    expect(page.locator('[data-testid="stDialog"]')).to_have_count(0)
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


class Proxy(socketserver.ThreadingTCPServer):
    """What stands before the replicas: it sends each connection to the first that answers."""

    daemon_threads = True

    def __init__(self, *addresses: str) -> None:
        super().__init__(("127.0.0.1", 0), Joined)
        self.replicas = addresses
        self.port = self.server_address[1]
        self.joined: list[socket.socket] = []

    def cut(self) -> None:
        """Ends all connections; new ones are taken as before."""
        while self.joined:
            with suppress(OSError):
                self.joined.pop().shutdown(socket.SHUT_RDWR)


class Joined(socketserver.BaseRequestHandler):
    """One connection, handed on both ways until one of the ends has gone."""

    def handle(self) -> None:
        self.server.joined.append(self.request)  # type: ignore[attr-defined]
        for address in self.server.replicas:  # type: ignore[attr-defined]
            with suppress(ConnectionError):
                port = urlsplit(address).port
                with socket.create_connection(("127.0.0.1", port)) as replica:
                    back = threading.Thread(target=passed, args=(replica, self.request))
                    back.start()
                    passed(self.request, replica)
                    back.join()
                return


def passed(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65_536):
            sink.sendall(chunk)
    for each in (source, sink):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def before(*addresses: str) -> Iterator[Proxy]:
    with Proxy(*addresses) as proxy:
        serving = threading.Thread(target=proxy.serve_forever)
        serving.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            serving.join()


def test_other_replicas_take_over_from_one_that_is_killed_and_one_that_is_drained(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "common to all")
    with (
        served("streamlit_app.py") as (one, first),
        served("streamlit_app.py") as (two, second),
        before(one, two) as proxy,
    ):
        explorer = Explorer(
            page, lambda **told: f"http://127.0.0.1:{proxy.port}/?{urlencode(told)}"
        )
        explorer.open(f="x*x", in_x="2").complete()
        said: list[str | bytes] = []
        with page.expect_websocket(timeout=OPENING) as again:
            proxy.cut()
        again.value.on("framesent", lambda frame: said.append(frame))
        # where the cut fell into a run that was still to come, the page is loaded anew
        page.wait_for_function("() => document.querySelector('.connection')?.textContent === ''")
        explorer.at_rest()
        page.wait_for_timeout(
            2_500
        )  # the page runs once for a tab that comes back, not every second
        assert len(said) <= 2
        first.kill()
        first.wait()
        # the last run was of the whole page: Streamlit asks the next server for none by itself
        explorer.type("cos(x)*x")
        expect(explorer.node("cos")).to_be_visible(timeout=OPENING)
        expect(explorer.field("x")).to_have_value("2")
        explorer.field("x").fill("3")
        expect(explorer.node("x").locator(".value")).to_have_text("3")
        with served("streamlit_app.py") as (three, _third):
            proxy.replicas = (three,)  # nobody new is sent to the second, whose visitors stay
            explorer.type("exp(x)*x")
            expect(explorer.node("exp")).to_be_visible()
            second.terminate()
            second.wait(timeout=30)
            explorer.type("tanh(x)*x")
            expect(explorer.node("tanh")).to_be_visible(timeout=OPENING)
            expect(explorer.source).to_have_value("tanh(x)*x")
            expect(explorer.field("x")).to_have_value("3")
            page.wait_for_function("() => location.search.includes('tanh')")
            assert parameters(page)["in.x"].startswith("3")


def test_a_script_that_did_not_arrive_is_fetched_by_loading_the_page_anew(
    explorer: Explorer,
) -> None:
    """Streamlit's own for plots: in their place stood an error until somebody loaded the page."""
    held: list[Route] = []

    def wanted(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    explorer.page.route("**/PlotlyChart*.js", wanted)
    explorer.open(f="sin(x)*x", in_x="2")
    for _turn in range(100):
        if held:
            break
        explorer.page.wait_for_timeout(100)
    explorer.type("cos(x)*x")
    with explorer.page.expect_navigation():  # by itself, and with what is being typed
        held[0].abort()
        explorer.type("cos(x)*x + 1")
    expect(explorer.curves).not_to_have_count(0)
    expect(explorer.source).to_have_value("cos(x)*x + 1")


def test_what_was_typed_stands_in_the_page_that_is_loaded_anew_when_nothing_is_left_of_it(
    explorer: Explorer,
) -> None:
    """As Streamlit leaves it where a message does not fit what stands there."""
    explorer.open(f="sin(x)", in_x="1.5")
    explorer.complete()
    explorer.button("Zoom in").click()
    explorer.page.wait_for_function("() => location.search.includes('look=')")
    explorer.type("cos(x) * 3")
    with explorer.page.expect_navigation():
        explorer.page.evaluate("document.getElementById('root').replaceChildren()")
    expect(explorer.node("cos")).to_be_visible()
    expect(explorer.source).to_have_value("cos(x) * 3")
    explorer.complete()
    explorer.page.wait_for_function("() => location.search.includes('cos')")
    assert parameters(explorer.page) == {"f": "cos(x) * 3", "in.x": "1.5"}


LATE = """(() => {
  const waiting = [];
  let rooms;
  globalThis.autogradExplorer = {
    open: (made) => rooms = made,
    rooms: { then: (go) => waiting.push(go) },
  };
  globalThis.reached = () => waiting.length;
  globalThis.letIn = () => {
    globalThis.autogradExplorer.rooms = { then: (go) => go(rooms) };
    for (const go of waiting.reverse()) go(rooms);
  };
})()"""
"""Lets the components in when it is told to, those first that came last."""


def test_the_newest_data_stand_in_whatever_order_the_browser_lets_a_component_s_calls_go_on(
    explorer: Explorer,
) -> None:
    """Those who wait for a script that is on its way: Chromium has them go on in any order."""
    page = explorer.page
    page.add_init_script(LATE)
    explorer.open(wait=False, f="sin(x)", in_x="1.5")
    page.wait_for_function("() => reached() > 3", timeout=OPENING)
    explorer.at_rest()
    first = page.evaluate("reached()")
    page.get_by_text("简体中文", exact=True).click()
    page.wait_for_function(f"() => reached() > {first} + 1")
    explorer.at_rest()
    page.evaluate("letIn()")
    expect(explorer.graph.locator(".phase")).to_have_text("反向传播")
