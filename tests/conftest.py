"""What holds for all tests: property tests are judged by their outcome, never by the clock; and one
sandbox with the usual limits stands for all that ask for no other, because it takes seconds to warm
up.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from viz.sandbox import Limits, Sandbox

settings.register_profile(
    "explorer",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # where nobody watches, the same examples every time
    derandomize="CI" in os.environ,
)
settings.register_profile("quick", settings.get_profile("explorer"), max_examples=15)
settings.load_profile("explorer")


BESIDE: Final = "browser"
"""The folder of the tests that start among the others, one file in turn, and not all at the end,
where they would have the processors to themselves and wait for each other.
"""
LONG: Final = (
    "test_time_is_up", "test_memory", "test_oneshot", "test_supervisor", "test_extreme",
    "test_fuzz", "test_client", "test_warm_parent", "test_layers", "test_held_graph",
    "test_bombs", "test_late", "test_escapes", "test_pasted", "test_package",
)  # fmt: skip
"""The files that take longest of all others: they come first, so that no worker is left alone with
one of them.
"""


WALKING: Final = ("test_namespace_crawl", "test_reachable_functions", "test_reprs")
"""The files that walk through all that typed code can reach, which takes twenty seconds: one worker
has them all, and walks once.
"""


class Together(LoadScopeScheduling):
    """A file goes to one worker as a whole, and what shares a walk as one file."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return "walking" if Path(scope).stem in WALKING else scope


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    return Together(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order of the files; within one nothing changes."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    beside = [file for file in files if BESIDE in file.parts]
    others = sorted(set(files) - set(beside), key=lambda file: (file.stem not in LONG, file))
    turns = chain.from_iterable(zip_longest(beside, others))
    items[:] = chain.from_iterable(files[file] for file in turns if file is not None)


def pytest_collection_finish() -> None:
    _looked_through()


@pytest.fixture(scope="module", autouse=True)
def _settled() -> None:
    _looked_through()


def _looked_through() -> None:
    """What stands when a file's tests begin is looked through for garbage no more, as in the
    sandbox: torch, ten thousand tests and what earlier ones left, at each run whose time is up.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=Limits()) as ready:
        yield ready
