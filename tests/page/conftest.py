"""The page's one sandbox, ended where a module of tests has used it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def sandbox_ends() -> Iterator[None]:
    yield
    from viz.page.asking.answers import sandbox

    sandbox().close()
    sandbox.clear()
