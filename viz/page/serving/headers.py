"""The headers of a public page, and what puts them on every answer of the server.

A program travels in the page's address, so no address leaves the site; nothing but the page's own
files runs as script; no other site may frame it, unless the operator names that site, or use what
the browser has to offer through it.
Whatever stands in front of the server may add to them (`Strict-Transport-Security` where there is
TLS: `deploy/nginx.conf`).
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import re
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNUSED: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""What a browser can do and this page never asks of it."""


EMBED: Final = "AUTOGRAD_EXPLORER_EMBED"
"""The environment's variable that names who may frame the page: `https://a.example`, …"""
MOST_HOSTS: Final = 50
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(
    rf"https://(?!\d+(?:\.|:|\Z)){_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?", re.ASCII
)
"""A site by its name, with or without a port: no path, no wildcard, nothing else."""
log = logging.getLogger("viz.page")


def framing() -> tuple[str, ...]:
    """The sites that may frame the page, as `EMBED` names them, with spaces between.

    One that is not a plain `https://host` makes all of it void: who mistypes a site opens none.
    """
    named = tuple(os.environ.get(EMBED, "").split())
    wrong = [site for site in named if not (_HOST.fullmatch(site) and len(site) <= 261)]
    if wrong or len(named) > MOST_HOSTS:
        log.error(
            "No other site may frame this page: in %s write at most %d sites such as "
            "https://a.example, with spaces between; not %r.",
            EMBED,
            MOST_HOSTS,
            wrong[:1] or len(named),
        )
        return ()
    return named


def policy(hashes: tuple[str, ...], framing: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy; `hashes` are of the scripts within Streamlit's own page,
    `framing` the other sites that may frame it.

    Streamlit hands a component's script to the browser as a blob, which only script can make: text
    that became markup by a fault could not. Nothing is evaluated; the one use of WebAssembly, in
    protobuf's 64-bit numbers, falls back to JavaScript. Streamlit, plotly and the graph's SVG set
    styles on elements, so styles may be inline; but a style can load nothing from elsewhere.
    """
    rules = {
        "default-src": ("'self'",),
        "script-src": ("'self'", "blob:", *hashes),
        "style-src": ("'self'", "'unsafe-inline'"),
        "img-src": ("'self'", "data:", "blob:"),
        "font-src": ("'self'", "data:"),
        "connect-src": ("'self'",),
        "object-src": ("'none'",),
        "frame-src": ("'none'",),
        "base-uri": ("'none'",),
        "form-action": ("'none'",),
        "frame-ancestors": ("'self'", *framing),
    }
    return "; ".join(" ".join((name, *sources)) for name, sources in rules.items())


@cache
def inline_scripts() -> tuple[str, ...]:
    """The hashes of the scripts that stand in the page that Streamlit serves."""
    page = Path(st.__file__).parent / "static" / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


@cache
def headers() -> tuple[tuple[bytes, bytes], ...]:
    """Every header, as a server writes them."""
    sites = framing()
    named = {
        "content-security-policy": policy(inline_scripts(), sites),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": ", ".join(f"{name}=()" for name in UNUSED),
    }
    if not sites:  # it can name no site, and old browsers take it for the whole truth
        named["x-frame-options"] = "SAMEORIGIN"
    return tuple((name.encode(), text.encode()) for name, text in named.items())


UPLOADS: Final = "/_stcore/upload_file"
"""Where Streamlit takes files into its memory, as many as one sends; this page wants none."""
METRICS: Final = "/_stcore/metrics"
"""Where Streamlit tells anybody who asks how many sessions there are and what they hold."""
OPEN_METRICS: Final = "AUTOGRAD_EXPLORER_METRICS"
"""The environment's variable that opens them: "1" for who watches over the server."""


def metrics_open() -> bool:
    """Whether whoever asks is told how many visitors there are and what they cost."""
    return os.environ.get(OPEN_METRICS) == "1"


def closed(path: str) -> bool:
    """Whether an address of Streamlit's server is answered as one that does not exist."""
    return UPLOADS in path or (METRICS in path and not metrics_open())


class Headers:
    """ASGI middleware: answers keep the headers that they have and get those that are missing.

    What would be an upload, and what tells of other visitors, is answered as an address that does
    not exist.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {bytes(name).lower() for name, _ in given}
                message["headers"] = given + [each for each in headers() if each[0] not in names]
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif closed(scope["path"]):
            await sending({"type": "http.response.start", "status": 404, "headers": []})
            await sending({"type": "http.response.body"})
        else:
            await self.app(scope, receive, sending)
