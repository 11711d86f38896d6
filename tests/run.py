"""Runs every check: makes an environment, installs what the tests need, then lint, types, tests.

Run it with any Python from 3.11 on: `python3 tests/run.py`. Options go to pytest, for instance
`-k curve`. The last line is pytest's own; the exit code is pytest's, or 1 if lint or types failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deploy"))

from environment import SetupFailed, chromium, graphviz, prepared, tell  # noqa: E402

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)


def main() -> int:
    os.chdir(ROOT)
    try:
        python = prepared(ROOT, "tests/requirements.txt")
        graphviz(python)
        browser = chromium(python)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    surroundings = {**os.environ, "CHROMIUM": browser}
    failed = [check for check in CHECKS if not passed(python, check)]
    workers = str(min(os.cpu_count() or 1, 4))
    tests = [str(python), "-m", "pytest", "-n", workers, "--dist", "loadscope", *sys.argv[1:]]
    return subprocess.call(tests, env=surroundings) or (1 if failed else 0)


def passed(python: Path, check: tuple[str, ...]) -> bool:
    """Whether a check is content; what it has to say goes to the terminal."""
    tell("· " + " ".join(check))
    if subprocess.call([str(python), "-m", *check]) == 0:
        return True
    tell(f"{check[0]} is not content: the tests run all the same, the exit code will be 1.")
    return False


if __name__ == "__main__":
    sys.exit(main())
