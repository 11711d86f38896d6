"""The page's one sandbox, ended after the tests that used it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def sandbox_ends() -> Iterator[None]:
    yield
    from viz.page.asking.answers import sandbox

    sandbox().close()
    sandbox.clear()
