"""Programs that each have a process of their own, forked from one that has imported torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import NamedTuple

SERVES = """
import json, os, signal, sys, tempfile, traceback
for line in sys.stdin:
    source, *arguments = json.loads(line)
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as wrong:
        child = os.fork()
        if child == 0:
            signal.alarm({seconds})
            os.dup2(told.fileno(), 1)
            os.dup2(wrong.fileno(), 2)
            sys.argv = ["-c", *arguments]
            code = 0
            try:
                exec(compile(source, "<string>", "exec"), {{"__name__": "__main__"}})
            except BaseException:
                traceback.print_exc()
                code = 1
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = [each.seek(0) or each.read().decode() for each in (told, wrong)]
    print(json.dumps([status, *texts]), flush=True)
"""
SECONDS = 60
"""What a program may take; then a signal ends it."""


class EndedFork(NamedTuple):
    """How a program ended, as `subprocess` tells it."""

    returncode: int
    stdout: str
    stderr: str


class Forking:
    """One process that runs `imports` once, and then each program in a fork of it."""

    def __init__(self, imports: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", imports + SERVES.format(seconds=SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    def __call__(self, *arguments: str) -> EndedFork:
        """How a program with these arguments ended; the first is its text."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(arguments), file=self.process.stdin, flush=True)
        return EndedFork(*json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        self.process.communicate()
        assert self.process.returncode == 0
