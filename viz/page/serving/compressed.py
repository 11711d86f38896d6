"""Files that a browser loads, compressed once for everybody.

Streamlit sends its scripts and styles as they are (7.8 MB at a first visit) and leaves compressing
to a proxy, since to do it at each request costs a third of a second of processor time. Their names
carry a digest of what they hold, so here each is compressed once and kept; the small ones are kept
as they are, since to read them anew costs more than to send them.
"""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field
from typing import Final

from cachetools import LRUCache
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES: Final = "/static/"
"""Where Streamlit's own files stand; what is below does not change while the server runs."""
KINDS: Final = ("text/javascript", "application/javascript", "text/css", "image/svg+xml")
"""Types that gain by it: fonts and pictures are compressed already. No HTML: that is what Streamlit
answers for an address that has no file, and there are as many of those as somebody thinks of."""
LEAST: Final = 1_000
"""Bytes below which a file is sent as it is."""
LARGEST: Final = 16_000_000
"""Bytes above which a file is sent as it is: it would have to be held whole."""
BUDGET: Final = 24_000_000
"""Bytes that all compressed files may take together (all of Streamlit's scripts take 7 MB)."""
LEVEL: Final = 6


@dataclass(frozen=True)
class File:
    """A file as it is sent: its headers and its text, compressed unless it is too small for it."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass
class _Held:
    """An answer on its way: kept back until it is whole."""

    start: Message = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    passing: bool = False


class Compressed:
    """ASGI middleware: answers requests for Streamlit's files compressed, from memory.

    Lives in the server's one event loop.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._files: LRUCache[str, File] = LRUCache(BUDGET, lambda file: len(file.body))
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _wanted(scope):
            await self.app(scope, receive, send)
            return
        known = self._files.get(scope["path"])
        if known is not None:
            await _sent(known, send)
        else:
            await self._first(scope, receive, send)

    async def _first(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets Streamlit answer, and sends and keeps what it said in its compressed form."""
        held = _Held()

        async def sending(message: Message) -> None:
            if held.passing:
                await send(message)
            elif message["type"] == "http.response.start":
                held.start = message
                held.passing = not _gains(message)
                if held.passing:
                    await send(message)
            else:
                held.body += message.get("body", b"")
                if not message.get("more_body"):
                    await self._whole(scope["path"], held, send)
                elif len(held.body) > LARGEST:
                    held.passing = True
                    await send(held.start)
                    await send({**message, "body": bytes(held.body)})

        await self.app(scope, receive, sending)

    async def _whole(self, path: str, held: _Held, send: Send) -> None:
        given, body = held.start["headers"], bytes(held.body)
        if len(body) > LARGEST:
            file = File(given, body)
        elif len(body) < LEAST:
            file = self._files[path] = File(given, body)
        else:
            file = await self._compressed(path, given, body)
        await _sent(file, send)

    async def _compressed(self, path: str, given: list[tuple[bytes, bytes]], body: bytes) -> File:
        async with self._one_at_a_time:  # a class opens the page at once
            file = self._files.get(path)
            if file is None:
                file = await asyncio.to_thread(compressed, given, body)
                self._files[path] = file
            return file


def compressed(given: list[tuple[bytes, bytes]], body: bytes) -> File:
    """A file with the headers it had, told that its text is compressed."""
    packed = gzip.compress(body, LEVEL, mtime=0)
    headers = MutableHeaders(raw=list(given))
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(packed))
    headers.add_vary_header("Accept-Encoding")
    del headers["accept-ranges"]
    return File(headers.raw, packed)


def _wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or FILES not in scope["path"]:
        return False
    asked = Headers(scope=scope)
    # a part of a file, or one that the browser has already: Streamlit knows what to say
    special = any(name in asked for name in ("range", "if-none-match", "if-modified-since"))
    return "gzip" in asked.get("accept-encoding", "") and not special


def _gains(start: Message) -> bool:
    headers = Headers(raw=list(start.get("headers", ())))
    plain = "content-encoding" not in headers
    return start["status"] == 200 and plain and headers.get("content-type", "").startswith(KINDS)


async def _sent(file: File, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(file.headers)})
    await send({"type": "http.response.body", "body": file.body})
