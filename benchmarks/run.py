"""Runs the benchmarks: makes an environment with the peers in it, then each benchmark in turn.

`python3 benchmarks/run.py` runs all, `python3 benchmarks/run.py tracing` one. Plain text comes out;
ratios are what to compare, since times differ between machines.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deploy"))

from environment import SetupFailed, chromium, prepared  # noqa: E402


def main() -> int:
    here = Path(__file__).resolve().parent
    known = sorted(path.stem for path in here.glob("*.py") if path.name != "run.py")
    asked = sys.argv[1:] or known
    unknown = sorted(set(asked) - set(known))
    if unknown:
        print(f"There is no benchmark {unknown[0]}; there are: {', '.join(known)}", file=sys.stderr)
        return 1
    try:
        python = prepared(ROOT, "benchmarks/requirements.txt")
        if "page" in asked:
            chromium(python)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    worst = 0
    for name in asked:
        print(f"\n== {name}", flush=True)
        code = subprocess.call([str(python), str(here / f"{name}.py")], cwd=ROOT, env=surroundings)
        worst = max(worst, abs(code))
    return worst


if __name__ == "__main__":
    sys.exit(main())
