"""Runs the benchmarks: makes an environment with the peers in it, then each benchmark in turn.

`python3 benchmarks/run.py` runs all but what goes on for long (`soak`, `steady`) or only makes
figures (`curve_method`), `python3 benchmarks/run.py tracing` one. Plain text comes out, at the end
tables of all figures, and `report.html` in the folder `report` with plots. Ratios are what to
compare, since times differ between machines.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

BY_NAME = {"curve_method", "soak", "steady"}
"""What runs only if it is asked for."""
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deploy"))

from environment import SetupFailed, chromium, prepared  # noqa: E402


def main() -> int:
    here = Path(__file__).resolve().parent
    files = (*here.glob("*.py"), *here.glob("parts/*.py"))
    known = {path.stem: path for path in sorted(files) if path.name != "run.py"}
    asked = sys.argv[1:] or [name for name in known if name not in BY_NAME]
    unknown = sorted({*asked} - known.keys())
    if unknown:
        print(f"There is no benchmark {unknown[0]}; there are: {', '.join(known)}", file=sys.stderr)
        return 1
    try:
        python = prepared(ROOT, "benchmarks/requirements.txt")
        if {"page", "cold"} & {*asked}:
            chromium(python)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        findings = Path(folder) / "findings.jsonl"
        findings.touch()
        surroundings = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "AUTOGRAD_EXPLORER_FINDINGS": str(findings),
        }

        def run(script: Path, *arguments: str) -> int:
            command = [str(python), str(script), *arguments]
            return abs(subprocess.call(command, cwd=ROOT, env=surroundings))

        codes, report = [], here / "report" / "report.py"
        for name in asked:
            print(f"\n== {name}", flush=True)
            codes.append(run(known[name]))
        return max(*codes, run(report, str(findings), str(report.with_suffix(".html"))))


if __name__ == "__main__":
    sys.exit(main())
