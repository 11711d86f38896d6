"""What the page counts for whoever runs it: `/metrics`, in the words of Prometheus.

Never anything that was typed: kinds of questions, what came of them, seconds, places, bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from viz.errors import ExplorerError
from viz.records import Asks
from viz.sandbox import Sandbox

NAME: Final = "autograd_explorer"
SECONDS: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
"""Upper ends of the histogram's buckets."""

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
ANSWERS: Final = Counter(
    f"{NAME}_answers",
    "Questions by what came of them: answered, or the class of the error.",
    ["question", "outcome"],
    registry=REGISTRY,
)
LATENCY: Final = Histogram(
    f"{NAME}_answer_seconds",
    "Seconds from a question to its answer, waiting included.",
    ["question"],
    buckets=SECONDS,
    registry=REGISTRY,
)


@contextmanager
def counted(question: Asks[Any]) -> Iterator[None]:
    """Counts the question that is answered within, and its time."""
    kind, began, outcome = type(question).__name__, time.perf_counter(), "answered"
    try:
        yield
    except ExplorerError as error:
        outcome = type(error).__name__
        raise
    finally:
        ANSWERS.labels(kind, outcome).inc()
        LATENCY.labels(kind).observe(time.perf_counter() - began)


class PlaceCounts(Collector):
    """How full the sandbox is, what became of its children, what is kept; read when asked for."""

    def __init__(self, sandbox: Callable[[], Sandbox], held: Callable[[], int]) -> None:
        self._sandbox = sandbox
        self._held = held

    def describe(self) -> list[Metric]:
        """Nothing: the sandbox is not started only to be counted."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        sandbox = self._sandbox()
        load = sandbox.load()
        gauges = (
            ("places", "Questions that may run at once.", load.places),
            ("running", "Questions that run.", load.running),
            ("waiting", "Questions that wait for a place.", load.waiting),
            ("kept_bytes", "Bytes that kept answers take.", self._held()),
        )
        for name, words, value in gauges:
            yield GaugeMetricFamily(f"{NAME}_{name}", words, value)
        runs = CounterMetricFamily(
            f"{NAME}_runs", "Children by what became of them.", labels=["fate"]
        )
        for fate, count in sorted(load.fates.items()):
            runs.add_metric([fate], count)
        yield runs
        level = GaugeMetricFamily(f"{NAME}_level", "How typed text is confined.", labels=["level"])
        level.add_metric([sandbox.level], 1)
        yield level
