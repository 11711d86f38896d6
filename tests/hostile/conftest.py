"""Three sandboxes: everything on, the system's layers alone, the allowlist alone.

With `HOSTILE=full` what the last gives back of its memory is written over, and a program that reads
it ends its process: otherwise it may find what it looks for and go on.
"""

import os
from collections.abc import Iterator

import pytest

from tests.hostile.corpus import Outside
from tests.hostile.limits import LIMITS
from tests.sandbox.asking import Raw
from viz.sandbox.server import launching
from viz.sandbox.server.client import Sandbox
from viz.sandbox.server.supervisor import Forking


@pytest.fixture(scope="session")
def outside() -> Iterator[Outside]:
    os.environ["EXPLORER_SECRET"] = "the-secret-in-the-environment"
    world = Outside()
    yield world
    world.close()
    del os.environ["EXPLORER_SECRET"]


@pytest.fixture(scope="session")
def everything_on() -> Iterator[Sandbox]:
    with Sandbox.over(Forking(LIMITS.fitted())) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def allowlist_alone() -> Iterator[Sandbox]:
    full = os.environ.get("HOSTILE") == "full"
    with pytest.MonkeyPatch.context() as patch:
        if full:
            patch.setitem(launching.ENVIRONMENT, "PYTHONMALLOC", "debug")
        with Sandbox.over(Forking(LIMITS.fitted(), layers=())) as sandbox:
            yield sandbox


@pytest.fixture(scope="session")
def layers_alone() -> Iterator[Raw]:
    with Sandbox.over(Forking(LIMITS.fitted(), answering="tests.sandbox.raw:answering")) as sandbox:
        yield Raw(sandbox)


@pytest.fixture(scope="session")
def nothing_on() -> Iterator[Raw]:
    answering = "tests.sandbox.raw:answering"
    with Sandbox.over(Forking(LIMITS.fitted(), layers=(), answering=answering)) as sandbox:
        yield Raw(sandbox)
