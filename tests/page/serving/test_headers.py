"""The page's headers: what they say, and that no answer loses one of its own."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
import streamlit

from tests.page.opening import ROOT
from viz.page.serving.headers import EMBED, Headers, framing, headers, inline_scripts, policy

RULES = dict(rule.split(" ", 1) for rule in policy(("'sha256-abc='",)).split("; "))


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("default-src", "'self'"),
        ("script-src", "'self' blob: 'sha256-abc='"),
        ("connect-src", "'self'"),
        ("object-src", "'none'"),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
        ("frame-ancestors", "'self'"),
    ],
)
def test_the_policy_names_what_may_be_loaded(name, sources):
    assert RULES[name] == sources


def test_nothing_is_evaluated_and_nothing_comes_from_elsewhere():
    allowed = " ".join(RULES.values()).split()
    assert "'unsafe-eval'" not in allowed
    assert RULES["script-src"].count("unsafe") == 0
    assert not [source for source in allowed if "*" in source or "//" in source]


def test_the_only_inline_scripts_are_those_of_streamlits_page():
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text()
    script = page.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert inline_scripts() == (f"'sha256-{digest}'",)


def answered(scope: dict[str, Any], *given: tuple[bytes, bytes]) -> list[dict[str, Any]]:
    """What a server behind the middleware sends."""
    sent: list[dict[str, Any]] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": given})
        await send({"type": "http.response.body", "body": b"text"})

    async def send(message: Any) -> None:
        sent.append(message)

    # nothing is waited for, so no event loop is needed (a browser's test may have left one)
    with pytest.raises(StopIteration):
        Headers(application)(scope, None, send).send(None)
    return sent


def test_every_answer_gets_them_and_keeps_its_own():
    own = ((b"Referrer-Policy", b"no-referrer"), (b"content-type", b"text/plain"))
    start, body = answered({"type": "http", "path": "/"}, *own)
    names = [name.lower() for name, _ in start["headers"]]
    assert start["headers"][:2] == list(own)
    assert sorted(names) == sorted({*(name for name, _ in headers()), b"content-type"})
    assert body["body"] == b"text"


@pytest.fixture
def named(monkeypatch):
    """Names the sites that may frame the page, as an operator does."""

    def name(sites: str) -> dict[str, str]:
        monkeypatch.setenv(EMBED, sites)
        headers.cache_clear()
        return {name.decode(): text.decode() for name, text in headers()}

    yield name
    headers.cache_clear()


@pytest.mark.parametrize(
    "sites",
    ["https://a.example", "https://a.example https://b-2.example:8443", "https://localhost"],
)
def test_the_sites_that_the_operator_names_may_frame_the_page(named, sites):
    given = named(sites)
    assert f"frame-ancestors 'self' {sites}" in given["content-security-policy"].split("; ")
    assert "x-frame-options" not in given


@pytest.mark.parametrize(
    "sites",
    [
        "",
        "*",
        "https://*",
        "https://*.example",
        "http://a.example",
        "a.example",
        "https:",
        "https://a.example/path",
        "https://a.example;script-src *",
        "https://a.example, https://b.example",
        "https://user@a.example",
        "https://a.example:999999",
        "https://-a.example",
        "https://ä.example",
        "https://a.example 'none'",
        " ".join(f"https://a{number}.example" for number in range(51)),
    ],
)
def test_any_other_word_opens_no_frame(named, sites):
    given = named(sites)
    assert framing() == ()
    assert "frame-ancestors 'self'" in given["content-security-policy"].split("; ")
    assert given["x-frame-options"] == "SAMEORIGIN"


def test_a_websocket_is_left_alone():
    start, _ = answered({"type": "websocket"})
    assert start["headers"] == ()


@pytest.mark.parametrize(
    "path", ["/_stcore/upload_file/session/file", "/base/_stcore/upload_file", "/_stcore/metrics"]
)
def test_nothing_is_taken_in(path):
    start, body = answered({"type": "http", "path": path})
    assert start["status"] == 404
    assert start["headers"] == list(headers())
    assert body.get("body", b"") == b""


def test_the_metrics_are_open_to_who_asks_for_them(monkeypatch):
    monkeypatch.setenv("AUTOGRAD_EXPLORER_METRICS", "1")
    start, body = answered({"type": "http", "path": "/_stcore/metrics"})
    assert start["status"] == 200
    assert body["body"] == b"text"


@pytest.mark.parametrize("file", ["streamlit_app.py", "viz/page/app/streamlit_app.py"])
def test_streamlit_finds_the_application_with_the_headers(file: str) -> None:
    """It reads the file's text: an application that is made elsewhere it does not see."""
    from streamlit.web.server.app_discovery import discover_asgi_app

    found = discover_asgi_app(ROOT / file)
    assert (found.is_asgi_app, found.app_name) == (True, "app")
