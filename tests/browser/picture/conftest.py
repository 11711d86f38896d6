"""The page with the picture alone: below it the program's code, which costs less than a curve."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.browser.explorer import Explorer


@pytest.fixture
def explorer(explorer: Explorer, server: str) -> Explorer:
    return Explorer(explorer.page, lambda **told: f"{server}?{urlencode({'tab': 'code', **told})}")
