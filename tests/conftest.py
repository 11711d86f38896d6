"""What holds for all tests: property tests are judged by their outcome, never by the clock; and one
sandbox with the usual limits stands for all that ask for no other, because it takes seconds to warm
up.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from viz.sandbox import Sandbox

settings.register_profile(
    "explorer",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # where nobody watches, the same examples every time
    derandomize="CI" in os.environ,
)
settings.register_profile("quick", settings.get_profile("explorer"), max_examples=15)
settings.load_profile("explorer")


def pytest_collection_finish() -> None:
    """What stands when the tests begin is looked through for garbage no more, as in the sandbox:
    torch and ten thousand tests, at each run whose time is up.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as ready:
        yield ready
