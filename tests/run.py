"""Runs every check: makes an environment, installs what the tests need, then lint, types, tests.

Run it with any Python from 3.11 on: `python3 tests/run.py`. Options go to pytest, for instance
`-k curve`. The last line is pytest's own; the exit code is pytest's, or 1 if lint or types failed.

`python3 tests/run.py --quick` is for every save: lint, types, and the tests that need no sandbox,
no browser and no page, in a minute or two; property tests try fewer examples.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deploy"))

from environment import SetupFailed, chromium, graphviz, prepared, tell  # noqa: E402

CHECKS = (
    ("mypy",),
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("deno", "check"),
    ("deno", "lint"),
    ("deno", "fmt", "--check"),
    ("deno", "test", "--quiet"),
)
"""Two at a time, the longest first."""

QUICK = (
    "--hypothesis-profile=quick",
    "tests/test_architecture.py",
    "tests/test_contributing.py",
    "tests/test_trees.py",
    "tests/records",
    "tests/program",
    "tests/drawing",
    "--ignore=tests/drawing/test_extreme.py",
    "tests/page/calculus",
    "tests/page/components",
    "tests/page/session/test_language.py",
    "tests/page/session/test_links.py",
    "tests/sandbox/server/test_outcomes.py",
    "tests/sandbox/server/test_turns.py",
    "tests/sandbox/wire",
    "tests/tracing/calculus/test_jacobian.py",
    "tests/tracing/recording/test_trace.py",
    "tests/tracing/test_questions.py",
    "tests/tracing/test_runnable.py",
    "tests/tracing/test_source_map.py",
    "tests/tracing/test_texts.py",
    "tests/tracing/typed/test_type_stand_ins.py",
)
"""What every save may wait for: of the drawings all but the largest."""


def main() -> int:
    os.chdir(ROOT)
    quick = "--quick" in sys.argv
    options = [option for option in sys.argv[1:] if option != "--quick"]
    try:
        python = prepared(ROOT, "tests/requirements.txt")
        graphviz(python)
        browser = "" if quick else chromium(python)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    os.environ |= {"DENO_DIR": str(ROOT / ".deno"), "DENO_NO_UPDATE_CHECK": "1"}
    # the workers fill the processors: threads of torch's own would only wait for each other
    surroundings = {**os.environ, "CHROMIUM": browser, "OMP_NUM_THREADS": "1"}
    with ThreadPoolExecutor(2) as pool:
        content = [*pool.map(partial(passed, python), CHECKS)]
    # one more than there are processors: a page and a sandbox wait for clocks as well
    workers = str(min((os.cpu_count() or 1) + 1, 4))
    tests = [str(python), "-m", "pytest", "-n", workers, "--dist", "loadscope"]
    tests += ["--no-loadscope-reorder"]  # tests/conftest.py has an order
    tests += [*(QUICK if quick else ()), *options]
    return subprocess.call(tests, env=surroundings) or (0 if all(content) else 1)


def passed(python: Path, check: tuple[str, ...]) -> bool:
    """Whether a check is content; what it has to say goes to the terminal, in one piece."""
    command = [str(python), "-m", *check]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    words = ["· " + " ".join(check), done.stdout.decode("utf-8", "replace").rstrip()]
    if done.returncode:
        words.append(f"{check[0]} is not content: the tests run on, the exit code will be 1.")
    tell("\n".join(filter(None, words)))
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
