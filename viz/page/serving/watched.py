"""What whoever runs the server watches: `/healthz` runs a real job, `/metrics` counts.

Neither ever names what somebody typed. Both are answered before Streamlit, and bounded: the job
runs once in `FRESH` seconds however often one asks, the metrics only where
`AUTOGRAD_EXPLORER_METRICS=1` opens them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.types import ASGIApp, Receive, Scope, Send

from viz.page.serving.headers import metrics_open

HEALTH: Final = "/healthz"
METRICS: Final = "/metrics"
FRESH: Final = 5.0
"""Seconds for which an answer about the server's health holds."""
PATIENCE: Final = 10.0
"""Seconds after which a job that is not answered counts as a sick server."""


@dataclass(frozen=True)
class Health:
    """Whether programs run here, and a few words on it."""

    well: bool
    words: str


class Watched:
    """ASGI middleware: answers `/healthz` and, where it is open, `/metrics`.

    `job` says how the sandbox is, `registry` holds what is counted; both run in other threads.
    """

    def __init__(
        self, app: ASGIApp, job: Callable[[], Health], registry: Callable[[], CollectorRegistry]
    ) -> None:
        self.app = app
        self._registry = registry
        self._job = job
        self._known: Health | None = None
        self._until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if asked and path.endswith(HEALTH):
            health = await self._health()
            await _sent(send, 200 if health.well else 503, "text/plain", f"{health.words}\n")
        elif asked and path.endswith(METRICS) and metrics_open() and "/_stcore/" not in path:
            text = await asyncio.to_thread(lambda: generate_latest(self._registry()))
            await _sent(send, 200, CONTENT_TYPE_LATEST, text.decode())
        else:
            await self.app(scope, receive, send)

    async def _health(self) -> Health:
        async with self._one_at_a_time:
            if self._known is None or time.monotonic() >= self._until:
                asking = asyncio.to_thread(self._job)
                try:
                    self._known = await asyncio.wait_for(asking, PATIENCE)
                except TimeoutError:
                    self._known = Health(False, "no answer")
                self._until = time.monotonic() + FRESH
            return self._known


async def _sent(send: Send, status: int, kind: str, text: str) -> None:
    headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
