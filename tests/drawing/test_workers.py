"""Processes that do what may hang: how long they may take."""

from pathlib import Path

import pytest

from viz.drawing import workers
from viz.drawing.workers import WorkerEnded, Workers

ECHO = """
import json, sys, time
time.sleep({start})
sys.stdout.buffer.write(b"ready\\n")
sys.stdout.buffer.flush()
for line in sys.stdin.buffer:
    body = sys.stdin.buffer.read(json.loads(line)["size"])
    sys.stdout.buffer.write(json.dumps({{"ok": True, "size": len(body)}}).encode() + b"\\n" + body)
    sys.stdout.buffer.flush()
"""


def echoing(folder: Path, start: float) -> Workers:
    """Workers that take so many seconds to start and then give back what they are sent."""
    script = folder / "echo.py"
    script.write_text(ECHO.format(start=start))
    return Workers(script, (), workers=1, most=100, turns=5)


def test_its_start_is_no_part_of_a_request_s_time(tmp_path: Path) -> None:
    with echoing(tmp_path, 1.2) as slow:
        assert slow.answer({}, b"one", 1.0) == (True, b"one")
        assert slow.answer({}, b"two", 1.0) == (True, b"two")


def test_one_that_does_not_start_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "STARTING", 0.1)
    with echoing(tmp_path, 60.0) as never, pytest.raises(WorkerEnded):
        never.answer({}, b"one", 5.0)
