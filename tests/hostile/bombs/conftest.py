"""The sandbox in which bombs go off: everything on, and less time than elsewhere, because most of
them use up what they have."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.hostile.limits import LIMITS
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.supervisor import Forking

SHORT = replace(LIMITS, soft=0.15, notice=0.25, hard=0.3)


@pytest.fixture(scope="session")
def everything_on() -> Iterator[Sandbox]:
    with Sandbox.over(Forking(SHORT.fitted())) as sandbox:
        yield sandbox
