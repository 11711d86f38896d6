"""Whether the page's memory stands still: learners for an hour (`--minutes 60`), looked at often.

    python benchmarks/parts/steady.py [--minutes 6] [--learners 5] [--hostile 0.05]

Starts a page; visitors who stay first fill the memory for kept answers, then learners act as
in `benchmarks/learners.py`, a part of what they type hostile. Prints each minute what the page's
process and the sandbox's have in memory, then by how much that rose in the second half (a line
through its minutes). Ends with status 1 if the page's process rose by more than `FLAT` in that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.crowd.learner import HOSTILE, PATIENCE, THINK, Figures, Learner
from benchmarks.crowd.machine import sampled
from benchmarks.page import ROOT, served
from benchmarks.report.findings import tell
from viz.page.asking.kept import BUDGET, EACH
from viz.page.serving.headers import OPEN_METRICS

FLAT = 0.03
"""Part by which a process may be larger after the second half than before it."""
OPERATIONS = 300
FULL = 0.9
"""Part of the kept answers' budget that counts as full."""
LARGE = """def f(x):
    for i in range({operations}):
        x = torch.sin(x) * {constant}
    return x"""


def kept_bytes(port: int) -> float:
    """What the page says that its kept answers take."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
        rows = answer.read().decode().splitlines()
    return float(next(row for row in rows if row.startswith("autograd_explorer_kept")).split()[1])


async def filled(given: argparse.Namespace, figures: Figures) -> list[Any]:
    """Lets visitors in who ask for large pictures and stay, until the budget is full."""
    sockets: list[Any] = []
    while kept_bytes(given.port) < FULL * BUDGET and len(sockets) < 40:
        visitor = Learner(1_000 + len(sockets), given, figures)
        sockets.append(socket := await visitor.connect())
        visitor.query = visitor.opened()
        await visitor.asked(socket, "fill", visitor.message(whole=True))
        for number in range(EACH):
            source = LARGE.format(operations=OPERATIONS, constant=f"1.{len(sockets)}{number:02}")
            text = json.dumps({"text": {"text": source, "at": number}})
            typed = WidgetState(id=visitor.ids["source"], json_value=text)
            await visitor.asked(socket, "fill", visitor.message(typed, whole=False))
    return sockets


async def stood(given: argparse.Namespace) -> list[dict[str, float]]:
    """What is in memory, minute by minute."""
    figures, course = Figures(counting=True), []
    sockets = await filled(given, figures)
    print(f"{kept_bytes(given.port) / 1e6:.0f} MB of answers kept by {len(sockets)} visitors")
    begin = time.monotonic()
    until = begin + 60 * given.minutes
    learners = [Learner(number, given, figures) for number in range(given.learners)]
    tasks = [asyncio.create_task(one.live(begin, until)) for one in learners]
    for minute in range(1, given.minutes + 1):
        await asyncio.sleep(max(0.0, begin + 60 * minute - time.monotonic()))
        course.append(sampled([given.pid]))
        told = ", ".join(f"{name} {course[-1][name]:.1f}" for name in ("page MB", "sandbox Pss"))
        answers = sum(map(len, figures.finished.values()))
        print(f"minute {minute:3}: {told}, {answers} answers, {figures.ended or 'no errors'}",
              flush=True)  # fmt: skip
    await asyncio.gather(*tasks, return_exceptions=True)
    for socket in sockets:
        await socket.close()
    return course


def rise(values: list[float]) -> float:
    """By how much a line through the values rises from the first to the last."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    above = sum((at - middle) * (value - mean) for at, value in enumerate(values))
    return above / sum((at - middle) ** 2 for at in range(len(values))) * (len(values) - 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=int, default=6)
    parser.add_argument("--learners", type=int, default=5)
    parser.add_argument("--hostile", type=float, default=HOSTILE)
    given = parser.parse_args()
    if given.minutes < 4:
        parser.error("--minutes: its second half needs two, so at least 4")
    os.environ[OPEN_METRICS] = "1"
    page, address = served(ROOT / "streamlit_app.py")
    port = int(address.rstrip("/").rpartition(":")[2])
    rest = {"host": "127.0.0.1", "port": port, "pid": page.pid, "tls": False, "knock": False}
    given = argparse.Namespace(**vars(given), **rest, seed=1, think=THINK)
    try:
        course = asyncio.run(stood(given))
    finally:
        page.terminate()
        page.wait(20)
    half = course[len(course) // 2 :]
    rose = {name: rise([each[name] for each in half]) for name in ("page MB", "sandbox Pss")}
    for name, much in rose.items():
        print(f"{name}: {half[0][name]:.1f} → {half[-1][name]:.1f} in the second half, "
              f"a line through it rises by {much:+.1f}")  # fmt: skip
        tell(name, given.minutes, much, "MB in the second half")
    return int(rose["page MB"] > FLAT * half[0]["page MB"])


if __name__ == "__main__":
    sys.exit(main())
