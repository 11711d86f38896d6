"""How many learners one page holds: virtual learners that speak Streamlit's own protocol.

    python benchmarks/learners.py [--learners 10 20 30] [--seconds 60]

Starts a page and lets ever more learners in. Each opens a link, waits for its page, and then acts
every 3 s on average: types a changed program (50 %), changes an input (40 %) or a display choice
(10 %); 5 % of the typed programs are hostile. Printed for each number of learners: latency from
sending to the graph's message and to the end of the run, errors, full houses, lost connections, and
processor time and memory of the page, the sandbox, the layout workers and the client itself. A
learner acts again only after his answer, so fewer answers come than learners / 3 a second once the
page is saturated. With `--port` (and `--tls`, `--pid`) it asks a page that runs already, replicas
behind a proxy for instance.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.crowd.learner import HOSTILE, PATIENCE, THINK, Figures, Learner
from benchmarks.crowd.machine import sampled
from benchmarks.page import ROOT, served
from benchmarks.report.findings import tell


def at(values: list[float], part: float) -> float:
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


async def crowd(given: argparse.Namespace) -> dict[str, Any]:
    figures = Figures()
    now = time.monotonic()
    begin = now + given.ramp + given.warm
    until = begin + given.seconds
    learners = [Learner(number, given, figures) for number in range(given.number)]
    empty = sampled(given.pid)
    tasks = [
        asyncio.create_task(one.live(now + given.ramp * one.number / given.number, until))
        for one in learners
    ]
    await asyncio.sleep(max(0.0, begin - time.monotonic()))
    figures.counting = True
    figures.received = figures.messages = 0
    first, wall = {page: sampled([page]) for page in [*given.pid, 0]}, time.monotonic()
    await asyncio.sleep(max(0.0, until - time.monotonic()))
    took = time.monotonic() - wall
    alive = [page for page in given.pid if Path(f"/proc/{page}").exists()]
    last = sampled(alive)

    def used(part: str, pages: list[int]) -> float:
        """Cores that a part used; of a page that died meanwhile nothing is known."""
        return (last.get(part, 0.0) - sum(first[page].get(part, 0.0) for page in pages)) / took

    figures.counting = False
    received, messages = figures.received, figures.messages
    await asyncio.wait(tasks, timeout=PATIENCE + 5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    cores = {part: used(f"{part} s", alive) for part in ("page", "sandbox", "layout")}
    return {
        **latencies(figures, took),
        "learners": given.number,
        "MB/s": received / took / 1e6,
        "messages/s": messages / took,
        "cores": {**cores, "client": used("client s", [0])},
        "machine": used("busy", [0]),
        "memory before": {k: v for k, v in empty.items() if k.endswith(("MB", "Pss", " n"))},
        "memory during": {k: v for k, v in last.items() if k.endswith(("MB", "Pss", " n"))},
        "faults": Counter(faults(tasks)).most_common(5),
        "events": [
            (round(when - time.time(), 2), what) for when, what in figures.events if given.events
        ],
    }


def faults(tasks: list[asyncio.Task[None]]) -> list[str]:
    """What went wrong in the client itself."""
    ended = (task for task in tasks if task.done() and not task.cancelled())
    return [repr(task.exception()) for task in ended if task.exception()]


def latencies(figures: Figures, took: float) -> dict[str, Any]:
    """How long answers took, and what went wrong; seconds."""
    good = [x for name, times in figures.finished.items() if name != "hostile" for x in times]
    return {
        "actions/s": len(good) / took,
        "p50": at(good, 0.5),
        "p95": at(good, 0.95),
        "p99": at(good, 0.99),
        "graph p50": at(figures.graph, 0.5),
        "graph p95": at(figures.graph, 0.95),
        "by action": {
            name: [len(times), statistics.median(times), at(times, 0.95)]
            for name, times in sorted(figures.finished.items())
        },
        "ended": dict(figures.ended),
    }


def told(found: dict[str, Any]) -> str:
    ms = {
        name: f"{found[name] * 1000:.0f}"
        for name in ("p50", "p95", "p99", "graph p50", "graph p95")
    }
    cores = ", ".join(f"{part} {used:.2f}" for part, used in found["cores"].items())
    lines = [
        f"{found['learners']} learners: {found['actions/s']:.1f} answers/s, "
        f"finished p50 {ms['p50']} p95 {ms['p95']} p99 {ms['p99']} ms, "
        f"graph p50 {ms['graph p50']} p95 {ms['graph p95']} ms",
        f"  cores: {cores}, machine {found['machine']:.2f}; {found['MB/s']:.2f} MB/s, "
        f"{found['messages/s']:.0f} messages/s; {found['ended'] or 'nothing went wrong'}",
    ]
    for name, (count, median, high) in found["by action"].items():
        lines.append(f"  {name:8} {count:5} p50 {median * 1000:6.0f} p95 {high * 1000:6.0f} ms")
    for name in ("memory before", "memory during"):
        if len(found[name]) > 3:
            parts = ", ".join(f"{key} {value:.0f}" for key, value in sorted(found[name].items()))
            lines.append(f"  {name}: {parts}")
    return "\n".join([*lines, *(f"  FAULT {fault}" for fault in found["faults"])])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--learners", type=int, nargs="+", default=[10, 20, 30])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--ramp", type=float, default=10, help="seconds in which all arrive")
    parser.add_argument("--warm", type=float, default=5, help="seconds after that, not counted")
    parser.add_argument("--think", type=float, default=THINK)
    parser.add_argument("--hostile", type=float, default=HOSTILE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="of a page that runs already")
    parser.add_argument("--pid", type=int, action="append", default=[], help="that page's process")
    parser.add_argument("--tls", action="store_true", help="https and wss, any certificate")
    parser.add_argument("--knock", action="store_true", help="load / first, for its cookies")
    parser.add_argument("--events", action="store_true", help="when each thing went wrong")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    page = None
    if given.port is None:
        page, address = served(ROOT / "streamlit_app.py")
        given.port, given.pid = int(address.rstrip("/").rpartition(":")[2]), [page.pid]
    try:
        return max(measured(given, learners) for learners in given.learners)
    finally:
        if page is not None:
            page.terminate()
            page.wait(20)


def measured(given: argparse.Namespace, learners: int) -> int:
    """Lets so many learners in, prints what was seen; 1 if the client itself failed."""
    given.number = learners
    found = asyncio.run(crowd(given))
    print(told(found), flush=True)
    for part in ("p50", "p95"):
        tell(part, learners, found[part], "s")
    for part, used in found["cores"].items():
        tell(part, learners, 1000 * used / (found["actions/s"] or 1), "ms of processor an answer")
    for when, what in found["events"]:
        print(f"  {when:8.2f} s  {what}")
    if given.json:
        with given.json.open("a") as out:
            out.write(json.dumps(found) + "\n")
    return int(bool(found["faults"]))


if __name__ == "__main__":
    sys.exit(main())
