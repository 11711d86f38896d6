"""What an innocent visitor waits while a crowd at another address loops for ever.

    python benchmarks/fairness.py [--sockets 40] [--seconds 30]

Serves the page, and opens it from this machine under two addresses: a visitor opens one link after
the other, each in a new session, first alone, then beside so many websockets of one address that
ask for endless loops again and again. Printed in one run, with and without the crowd: seconds from
the visitor's question to the graph's message and to the end of the script, p50 and p95; and the
processor's time that the page and its sandbox took. Ends with status 1 if the visitor's p95 is over
`MOST` seconds, one of its links was lost, or the crowd did not loop.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parent.parent
MOST = 1.5
VISITOR, CROWD = "127.0.0.2", "127.0.0.66"
GRAPH = b"explorer_graph"
CLOCK = b"did not come to an end in time"
"""What the page says, among other words, of a run that its clock has ended."""
BUSY = b"Many people are computing"
"""The same of one for which there was no place."""
PATIENCE = 40.0
SETTLE = 10.0
"""Seconds in which the crowd's pages open, before its visitor's waits are measured."""
THINK = 0.7
"""Seconds between two links of the visitor."""
LINKS = (
    {"f": "sin(x)*x**2 + {c}*x", "in.x": "1.5"},
    {"f": "def f(x):\n    return {c} * torch.dot(x, x)", "in.x": "torch.arange(4.0)"},
    {"f": "def f(a):\n    b = a * {c}\n    while b.norm() < 999:\n        b = b * 2\n    return b"},
    {"f": "x = torch.arange(4.0, requires_grad=True)\ny = {c} * torch.dot(x, x)\ny.backward()"},
)
ENDLESS = {"f": "def f(x):\n    while True:\n        x = x + {c}\n    return x"}


@dataclass
class Waits:
    """Seconds until the graph, and until the end."""

    graph: list[float] = field(default_factory=list)
    end: list[float] = field(default_factory=list)
    lost: int = 0

    def __str__(self) -> str:
        parts = [
            f"{name} p50 {at(values, 0.5):.2f} p95 {at(values, 0.95):.2f} s"
            for name, values in (("graph", self.graph), ("whole page", self.end))
        ]
        return f"{', '.join(parts)} ({len(self.end)} links, {self.lost} lost)"


def at(values: list[float], part: float) -> float:
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """The port at which the page is served, and its process."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py")]
    options = [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    process = subprocess.Popen(
        command + options, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1):
                break
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


async def opened(port: int, address: str) -> websockets.ClientConnection:
    """A new session's websocket, from an address of this machine."""
    return await websockets.connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit"), websockets.Subprotocol("none")],
        origin=websockets.Origin(f"http://127.0.0.1:{port}"),
        local_addr=(address, 0),
        max_size=None,
        ping_interval=None,
        open_timeout=PATIENCE,
        compression=None,
    )


@dataclass
class Crowd:
    """How many of its questions were asked, answered, ended by the clock, and told to wait."""

    asked: int = 0
    answered: int = 0
    by_the_clock: int = 0
    busy: int = 0


async def asked(
    link: websockets.ClientConnection, query: str, crowd: Crowd | None = None
) -> tuple[float, float]:
    """Opens a link in a session; seconds to the graph and to the script's end."""
    clock = busy = False
    sent = BackMsg()
    sent.rerun_script.query_string = query
    sent.rerun_script.context_info.locale = "en-US"
    began, graph = time.perf_counter(), 0.0
    async with asyncio.timeout(PATIENCE):
        await link.send(sent.SerializeToString())
        while True:
            raw = await link.recv()
            assert isinstance(raw, bytes)
            passed = time.perf_counter() - began
            clock, busy = clock or CLOCK in raw, busy or BUSY in raw
            if not graph and GRAPH in raw:
                graph = passed
            if len(raw) < 200 and (
                ForwardMsg.FromString(raw).WhichOneof("type") == "script_finished"
            ):
                if crowd is not None:
                    crowd.answered += 1
                    crowd.by_the_clock += clock
                    crowd.busy += busy
                return graph, passed


def query(link: dict[str, str], number: int) -> str:
    return urlencode({**link, "f": link["f"].replace("{c}", f"{1 + number / 1000:.3f}")})


async def visits(port: int, seconds: float) -> Waits:
    """An innocent visitor's waits; each link is opened in a session of its own."""
    waits, until = Waits(), time.monotonic() + seconds
    for number, link in zip(itertools.count(), itertools.cycle(LINKS)):
        if time.monotonic() > until:
            return waits
        began = time.perf_counter()
        try:
            async with await opened(port, VISITOR) as session:
                connected = time.perf_counter() - began
                graph, end = await asked(session, query(link, number))
                waits.graph.append(connected + graph)
                waits.end.append(connected + end)
        except (TimeoutError, OSError, websockets.WebSocketException):
            waits.lost += 1
        await asyncio.sleep(THINK)
    return waits


async def loops(port: int, number: int, crowd: Crowd) -> None:
    """One of the crowd: whenever it is answered it asks again, in a new session."""
    for round_ in itertools.count():
        with suppress(TimeoutError, OSError, websockets.WebSocketException):
            async with await opened(port, CROWD) as session:
                crowd.asked += 1
                await asked(session, query(ENDLESS, 1000 * round_ + number), crowd)
        await asyncio.sleep(0.05)


@dataclass
class Took:
    """Seconds of the processor that the page's process and its sandbox's took in a while."""

    page: float
    sandbox: float

    @classmethod
    def until_now(cls, pid: int) -> Took:
        return cls(_processor(pid), sum(_processor(child) for child in _under(pid)))

    def since(self, before: Took, seconds: float) -> str:
        page, sandbox = self.page - before.page, self.sandbox - before.sandbox
        parts = f"{page / seconds:.0%} of a processor, its sandbox {sandbox / seconds:.0%}"
        return f"the page took {parts}"


def _under(pid: int) -> list[int]:
    """A process's children and theirs; one that has ended counts in its parent."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_under(child)]
    return found


def _processor(pid: int) -> float:
    """Seconds of a process and of its ended children."""
    with suppress(OSError):
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


@dataclass
class Measured:
    """The visitor's waits alone and beside the crowd, what came of it, and the processor's time."""

    alone: Waits
    beside: Waits
    crowd: Crowd
    took: str

    def faults(self) -> list[str]:
        found = []
        if self.crowd.by_the_clock < 2:
            found.append("the crowd's runs were not ended by the clock: it did not loop")
        if at(self.beside.end, 0.95) > MOST:
            found.append(f"the visitor's p95 is over {MOST} s")
        if self.beside.lost:
            found.append("the visitor was sent away")
        return found


async def measured(port: int, pid: int, sockets: int, seconds: float) -> Measured:
    """Everything, in one run."""
    await visits(port, 8.0)  # torch and all caches are warm
    alone = await visits(port, seconds)
    came = Crowd()
    crowd = [asyncio.create_task(loops(port, number, came)) for number in range(sockets)]
    await asyncio.sleep(SETTLE)
    before, began = Took.until_now(pid), time.monotonic()
    beside = await visits(port, seconds)
    took = Took.until_now(pid).since(before, time.monotonic() - began)
    for one in crowd:
        one.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    return Measured(alone, beside, came, took)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sockets", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    with served() as (port, pid):
        found = asyncio.run(measured(port, pid, given.sockets, given.seconds))
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"load average of the last 1, 5 and 15 minutes, this run's own in it: {load}")
    print(f"{os.cpu_count()} processors; an innocent visitor alone: {found.alone}")
    print(f"beside {given.sockets} websockets of one address that loop for ever: {found.beside}")
    print(f"meanwhile {found.took}")
    crowd = found.crowd
    print(
        f"the crowd: {crowd.asked} endless runs asked, {crowd.answered} answered,"
        f" {crowd.by_the_clock} of them ended by the clock, {crowd.busy} told to wait"
    )
    for fault in found.faults():
        print("FAULT", fault)
    return bool(found.faults())


if __name__ == "__main__":
    sys.exit(main())
