"""The benchmarks' report holds every figure that was told, in a table and in a plot."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.report import findings, report
from benchmarks.report.findings import Finding

FOUND = [
    Finding("tracing", "viz.trace", 10, 6.9, "× plain torch"),
    Finding("tracing", "<peer>", 10, 91.0, "× plain torch"),
    Finding("tracing", "viz.trace", 1_000, 4.7, "× plain torch"),
    Finding("page", "graph", "new x → DOM", 131.0, "ms"),
]


def test_what_a_benchmark_tells_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "found"
    monkeypatch.setenv(findings.FILE, str(file))
    monkeypatch.setattr(sys, "argv", ["benchmarks/page.py"])
    findings.tell("graph", "new x → DOM", 131.0, "ms")
    assert findings.told(file) == [FOUND[3]]


def test_alone_a_benchmark_tells_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(findings.FILE, raising=False)
    monkeypatch.chdir(tmp_path)
    findings.tell("graph", "x", 1.0, "ms")
    assert not list(tmp_path.iterdir())


def test_the_table_has_a_row_for_each_size_and_a_gap_where_nobody_told() -> None:
    assert report.table(FOUND[:3]) == [
        ["× plain torch", "viz.trace", "<peer>"],
        ["10", "6.9", "91"],
        ["1,000", "4.7", ""],
    ]


def test_the_page_has_all_and_runs_without_a_network() -> None:
    page = report.page(FOUND)
    assert "<peer>" not in page.replace(report.get_plotlyjs(), "").split("<table>")[1]
    assert "&lt;peer&gt;" in page
    assert page.count("<h2>") == 2
    assert "<script src" not in page
    assert [trace.type for trace in report.figure(FOUND[:3]).data] == ["scatter", "scatter"]
    assert [trace.type for trace in report.figure(FOUND[3:]).data] == ["bar"]
