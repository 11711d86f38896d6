"""What holds for all tests: property tests are judged by their outcome, never by the clock."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "explorer",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # where nobody watches, the same examples every time
    derandomize="CI" in os.environ,
)
settings.register_profile("quick", settings.get_profile("explorer"), max_examples=15)
settings.load_profile("explorer")
