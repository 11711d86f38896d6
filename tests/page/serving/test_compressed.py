"""Files for the browser: compressed once for all, and only what gains by it."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from tests.page.serving.finishing import finished
from viz.page.serving.compressed import BUDGET, LARGEST, Compressed

SCRIPT = b"const a = 1;\n" * 5_000


class Served:
    """A server of one answer behind the middleware; counts how often it is asked."""

    def __init__(self, body: bytes, kind: str = "text/javascript", status: int = 200) -> None:
        self.asked = 0
        self.body, self.kind, self.status = body, kind, status
        self.front = Compressed(self.application)

    async def application(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.asked += 1
        headers = [(b"content-type", self.kind.encode()), (b"accept-ranges", b"bytes")]
        headers += [(b"content-length", str(len(self.body)).encode()), (b"etag", b'"1"')]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        half = len(self.body) // 2
        await send({"type": "http.response.body", "body": self.body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[half:]})

    def get(self, path: str = "/static/js/a.js", **asked: str) -> tuple[dict[str, str], bytes]:
        return finished(self.answered(path, {"accept-encoding": "gzip, br"} | asked))

    async def answered(self, path: str, asked: dict[str, str]) -> tuple[dict[str, str], bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(name.replace("_", "-").encode(), each.encode()) for name, each in asked.items()]
        scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
        await self.front(scope, None, send)
        start = sent.pop(0)
        found = {name.decode(): each.decode() for name, each in start["headers"]}
        return found, b"".join(each["body"] for each in sent)


def test_a_script_is_compressed_once_and_is_what_it_was() -> None:
    served = Served(SCRIPT)
    answers = [served.get() for _ in range(3)]
    assert served.asked == 1
    for headers, body in answers:
        assert gzip.decompress(body) == SCRIPT
        assert headers["content-encoding"] == "gzip"
        assert headers["content-length"] == str(len(body))
        assert headers["vary"].lower() == "accept-encoding"
        assert headers["etag"] == '"1"'
        assert "accept-ranges" not in headers


def test_a_small_file_is_kept_as_it_is() -> None:
    served = Served(b"let a")
    for _ in range(2):
        headers, body = served.get()
        assert body == b"let a"
        assert "content-encoding" not in headers
    assert served.asked == 1


def test_a_class_that_opens_the_page_at_once_has_it_compressed_once(monkeypatch) -> None:
    made = []
    packed = gzip.compress
    monkeypatch.setattr(gzip, "compress", lambda *a, **k: made.append(1) or packed(*a, **k))
    served = Served(SCRIPT)

    async def together() -> list[tuple[dict[str, str], bytes]]:
        ask = served.answered("/static/js/a.js", {"accept-encoding": "gzip"})
        again = served.answered("/static/js/a.js", {"accept-encoding": "gzip"})
        return await asyncio.gather(ask, again)

    first, second = finished(together())
    assert first == second
    assert len(made) == 1


@pytest.mark.parametrize(
    ("served", "path", "asked"),
    [
        (Served(SCRIPT), "/static/js/a.js", {"accept_encoding": "br"}),
        (Served(SCRIPT), "/static/js/a.js", {"range": "bytes=0-10"}),
        (Served(SCRIPT), "/static/js/a.js", {"if_none_match": '"1"'}),
        (Served(SCRIPT), "/media/a.js", {}),
        (Served(SCRIPT, "font/woff2"), "/static/media/a.woff2", {}),
        (Served(SCRIPT, "text/html; charset=utf-8"), "/static/no/such/file", {}),
        (Served(SCRIPT, status=404), "/static/js/b.js", {}),
        (Served(b" " * (LARGEST + 2)), "/static/js/large.js", {}),
    ],
)
def test_all_else_passes_as_it_is(served: Served, path: str, asked: dict[str, str]) -> None:
    asked = {"accept_encoding": "gzip"} | asked
    for _ in range(2):
        headers, body = served.get(path, **{k.replace("_", "-"): v for k, v in asked.items()})
        assert body == served.body
        assert "content-encoding" not in headers
    assert served.asked == 2


def test_the_memory_is_bounded() -> None:
    served = Served(bytes(range(256)) * 8_000)
    for number in range(30):
        served.get(f"/static/js/{number}.js")
    held = sum(len(file.body) for file in served.front._files.values())
    assert 0 < held <= BUDGET
