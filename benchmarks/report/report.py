"""The report of a run of benchmarks: tables as text, and a page with figures in one file.

    python benchmarks/report/report.py FINDINGS PAGE

A figure for each benchmark and unit, a column or a line for each contender; below it the numbers.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain
from pathlib import Path

from plotly.graph_objects import Bar, Figure, Scatter
from plotly.offline import get_plotlyjs

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.report.findings import Finding, told

Group = list[Finding]
Rows = list[list[str]]
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:right}"
    "td:first-child,th:first-child{text-align:left}tr{border-bottom:1px solid #ddd}"
)


def groups(findings: Iterable[Finding]) -> dict[tuple[str, str], Group]:
    """The figures by benchmark and unit, in the order in which they were told."""
    found: dict[tuple[str, str], Group] = {}
    for one in findings:
        found.setdefault((one.benchmark, one.unit), []).append(one)
    return found


def table(group: Group) -> Rows:
    """A head of contenders, then a row for each size or case."""
    contenders = list(dict.fromkeys(one.contender for one in group))
    cells = {(one.at, one.contender): f"{one.value:,.4g}" for one in group}
    places = list(dict.fromkeys(one.at for one in group))
    rows = [[_name(at), *(cells.get((at, name), "") for name in contenders)] for at in places]
    return [[group[0].unit, *contenders], *rows]


def _name(at: str | float) -> str:
    return at if isinstance(at, str) else f"{at:,g}"


def text(findings: Iterable[Finding]) -> str:
    """The tables one below the other, columns aligned."""
    return "\n\n".join(chain.from_iterable(map(_lines, groups(findings).items())))


def _lines(item: tuple[tuple[str, str], Group]) -> Iterator[str]:
    (benchmark, _unit), rows = item[0], table(item[1])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    aligned = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    ]
    yield "\n".join([benchmark, *aligned])


def figure(group: Group) -> Figure:
    """Lines over sizes, columns over cases."""
    sizes = [one.at for one in group if not isinstance(one.at, str)]
    drawn = Figure()
    for name in dict.fromkeys(one.contender for one in group):
        mine = [one for one in group if one.contender == name]
        at, values = [one.at for one in mine], [one.value for one in mine]
        drawn.add_trace(
            Scatter(x=at, y=values, name=name, mode="lines+markers")
            if len(sizes) == len(group)
            else Bar(x=at, y=values, name=name)
        )
    steep = max(one.value for one in group) > 50 * min(one.value for one in group) > 0
    drawn.update_yaxes(title=group[0].unit, type="log" if steep else "linear")
    if sizes and max(sizes) > 50 * min(sizes) > 0:
        drawn.update_xaxes(type="log")
    drawn.update_layout(template="simple_white", height=360, showlegend=True, margin={"t": 20})
    return drawn


def page(findings: Iterable[Finding]) -> str:
    """One file of HTML with plotly's script in it."""
    parts = [
        f"<h2>{escape(benchmark)}</h2>"
        f"{figure(group).to_html(full_html=False, include_plotlyjs=False)}{_markup(table(group))}"
        for (benchmark, _unit), group in groups(findings).items()
    ]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Benchmarks</title>'
        f"<style>{STYLE}</style><script>{get_plotlyjs()}</script><h1>Benchmarks</h1>"
        f"<p>{escape(machine())}</p>{''.join(parts)}</html>"
    )


def _markup(rows: Rows) -> str:
    lines = [
        "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in row)
        for kind, row in zip(["th", *["td"] * (len(rows) - 1)], rows, strict=True)
    ]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def machine() -> str:
    """Where and when this was measured, and what else the machine had to do."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg()) if os.name == "posix" else "?"
    when = time.strftime("%Y-%m-%d %H:%M")
    return (
        f"{when}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()};"
        f" load average of 1, 5 and 15 minutes at the end, this run's own in it: {load}."
    )


def main() -> None:
    findings = told(Path(sys.argv[1]))
    if findings:
        print(f"\n{text(findings)}\n\n{machine()}")
        Path(sys.argv[2]).write_text(page(findings), encoding="utf-8")
        print(f"With figures: {sys.argv[2]}")


if __name__ == "__main__":
    main()
