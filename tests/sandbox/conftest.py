"""One warm parent whose children run plain Python, with every layer of the system around them."""

from collections.abc import Iterator

import pytest

from tests.sandbox.asking import Raw
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.limits import Limits
from viz.sandbox.server.supervisor import Forking


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits(soft=0.6, scripts=0.0, notice=0.9, hard=1.0, places=2).fitted()


@pytest.fixture(scope="session")
def raw(limits: Limits) -> Iterator[Raw]:
    with Sandbox.over(Forking(limits, answering="tests.sandbox.raw:answering")) as sandbox:
        yield Raw(sandbox)


@pytest.fixture(scope="session")
def patient() -> Iterator[Raw]:
    """A sandbox in which a run may last a minute: what ends sooner was ended."""
    limits = Limits(soft=50.0, notice=55.0, hard=60.0, processor=90, places=2).fitted()
    with Sandbox.over(Forking(limits, answering="tests.sandbox.raw:answering")) as sandbox:
        yield Raw(sandbox)
