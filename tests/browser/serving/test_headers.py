"""The headers at work: what they forbid in a real browser, and what the server refuses."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCHOOL
from tests.browser.explorer import Explorer
from viz.page.serving.headers import EMBED, headers


class Elsewhere(BaseHTTPRequestHandler):
    """Another site: frames what its address names, and remembers who was said to have sent us."""

    referrers: list[str | None]

    def do_GET(self) -> None:
        type(self).referrers.append(self.headers.get("Referer"))
        framed = self.path.partition("?frame=")[2]
        text = f'<iframe src="{framed}"></iframe>' if framed else "elsewhere"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    Elsewhere.referrers = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_port}/"
        other.shutdown()


def asked(server: str, method: str, path: str, **given: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=20)
    connection.request(
        method, path, headers={name.replace("_", "-"): v for name, v in given.items()}
    )
    answer = connection.getresponse()
    connection.close()
    return answer


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/?f=sin(x)", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/favicon.png", 200),
        ("GET", "/media/nothing.png", 404),
        ("PUT", "/_stcore/upload_file/a/b", 404),
        ("OPTIONS", "/_stcore/upload_file/a/b", 404),
    ],
)
def test_every_kind_of_answer_has_every_header(
    server: str, monkeypatch: pytest.MonkeyPatch, method: str, path: str, status: int
) -> None:
    monkeypatch.setenv(EMBED, SCHOOL)  # as the server has it, which makes them once
    answer = asked(server, method, path)
    assert answer.status == status
    for name, text in headers.__wrapped__():
        assert answer.headers.get_all(name.decode()) == [text.decode()]


def test_another_site_cannot_open_a_session(server: str) -> None:
    """Streamlit's own check, which XSRF protection and CORS switch on."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    upgrade |= {"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    own = server.rstrip("/")
    assert asked(server, "GET", "/_stcore/stream", Origin=own, **upgrade).status == 101
    assert (
        asked(server, "GET", "/_stcore/stream", Origin="http://evil.test", **upgrade).status == 403
    )


def test_only_a_site_that_the_operator_names_frames_the_page(page: Page, server: str) -> None:
    """In a frame of another origin graph and curve are there and work."""
    frame = f'<iframe width="900" height="700" src="{server}?f=sin(x)*x&embed=1"></iframe>'
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for site in ("https://other.example", SCHOOL):
        page.route(f"{site}/**", lambda route: route.fulfill(content_type="text/html", body=frame))
        # the test's server is of this machine, which Chromium lets no site ask without leave
        page.context.grant_permissions(["local-network-access"], origin=site)
    page.goto("https://other.example/")
    page.wait_for_timeout(500)
    assert [text for text in said if "frame-ancestors" in text]
    framed = page.frame_locator("iframe")
    assert framed.locator("#root").count() == 0
    page.goto(f"{SCHOOL}/")
    expect(framed.locator(".player .node")).to_have_count(3, timeout=60_000)
    expect(framed.locator(".st-key-curve .js-line").first).to_be_visible()
    framed.get_by_role("button", name="First step").click()
    expect(framed.locator(".bar .count")).to_have_text("0 / 6")
    # all of it, down to the numbers below the curve
    low = framed.locator(".st-key-overlay").evaluate("(of) => of.getBoundingClientRect().bottom")
    assert 600 < low <= 700


def test_a_program_in_the_address_is_told_to_nobody(explorer: Explorer, elsewhere: str) -> None:
    explorer.open(f="sin(x)*x**2")
    explorer.page.evaluate(
        """to => {
            const link = document.createElement("a");
            link.href = to;
            document.body.append(link);
            link.click();
        }""",
        elsewhere,
    )
    expect(explorer.page.locator("body")).to_have_text("elsewhere")
    assert Elsewhere.referrers[0] is None


MARKUP = (
    ("<img src=x onerror='window.caught = 1'>", "script-src-attr"),
    ("<svg><a href='javascript:window.caught = 1'><text>x</text></a></svg>", "script-src-elem"),
    ("<iframe srcdoc='<script>parent.caught = 1</script>'></iframe>", "script-src-elem"),
    ("<object data='data:text/html,x'></object>", "object-src"),
    ("<base href='http://elsewhere.test/'>", "base-uri"),
    ("<img src='http://elsewhere.test/x.png'>", "img-src"),
    ("<link rel=stylesheet href='http://elsewhere.test/x.css'>", "style-src-elem"),
)
"""Markup, and the directive that forbids what it would do."""


def test_markup_that_got_through_would_run_and_load_nothing(page: Page, server: str) -> None:
    """Every text is escaped; should one be forgotten, this still holds."""
    Explorer(page, lambda: server).open()
    page.evaluate(
        """() => document.addEventListener("securitypolicyviolation",
             (event) => forbidden.push(event.effectiveDirective))"""
    )
    for markup, directive in MARKUP:
        page.evaluate(
            """markup => {
                window.forbidden = [];
                const place = document.createElement("div");
                place.innerHTML = markup;
                document.body.append(place);
                place.querySelector("svg a")?.dispatchEvent(
                    new MouseEvent("click", {bubbles: true}));
            }""",
            markup,
        )
        page.wait_for_timeout(300)
        assert page.evaluate("window.caught") is None, markup
        if "srcdoc" not in markup:  # a frame tells its own document
            page.wait_for_function("told => forbidden.includes(told)", arg=directive)
