"""What the page's processes use: processor seconds and megabytes, by part. Linux only."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Process:
    """A process: processor seconds with its reaped children's, megabytes."""

    seconds: float
    reaped: float
    rss: float
    pss: float


def process(pid: int) -> Process:
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    user, system, reaped_user, reaped_system = (int(part) / TICK for part in parts[11:15])
    rows = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        key, value = line.split(":")
        rows[key] = int(value.split()[0]) / 1024
    return Process(user + system, reaped_user + reaped_system, rows["Rss"], rows["Pss"])


def family(page: int) -> dict[str, list[int]]:
    """The page's long-lived processes by their part."""
    found: dict[str, list[int]] = {"page": [page], "sandbox": [], "layout": []}
    for child in Path(f"/proc/{page}/task/{page}/children").read_text().split():
        found["layout" if "layout_worker" in command(child) else "sandbox"].append(int(child))
    for thread in Path(f"/proc/{page}/task").iterdir():
        for child in (thread / "children").read_text().split():
            part = "layout" if "layout_worker" in command(child) else "sandbox"
            if int(child) not in found[part]:
                found[part].append(int(child))
    for parent in list(found["sandbox"]):
        try:
            below = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue
        found["sandbox"] += [int(one) for one in below]
    return found


def command(pid: str | int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def machine() -> tuple[float, float]:
    """Busy and idle processor seconds of the machine."""
    rows = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    ticks = [int(row) / TICK for row in rows]
    return sum(ticks) - ticks[3] - ticks[4], ticks[3] + ticks[4]


def sampled(pages: list[int]) -> dict[str, float]:
    """Processor seconds by part and megabytes by part, of all pages together."""
    found: defaultdict[str, float] = defaultdict(float)
    for page in pages:
        if not Path(f"/proc/{page}").exists():
            continue
        for part, pids in family(page).items():
            for pid in pids:
                try:
                    one = process(pid)
                except (OSError, IndexError, KeyError):
                    continue
                # what the page reaped were its workers, counted while they lived
                found[f"{part} s"] += one.seconds + (one.reaped if part == "sandbox" else 0.0)
                found[f"{part} MB"] += one.rss
                found[f"{part} Pss"] += one.pss
                found[f"{part} n"] += 1
    found["busy"], found["idle"] = machine()
    found["client s"] = sum(os.times()[:2])
    return dict(found)
