"""The process that works formulas out: sympy and mpmath, one request after the other.

Run by path, never imported by the page: some expressions that a line of text spells keep sympy busy
without end or fill the memory, and that ends this process and nothing else. Request and answer are
framed as `viz.drawing.workers` says; the body is msgpack of (source, curve, values), the answer
msgpack of `Symbolic` or of nothing.
"""

import contextlib
import json
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import msgspec

from viz.drawing.figures.checks.symbolic import symbolic
from viz.records import Curve

FormulaRequest = tuple[str, Curve, dict[str, float]]


def limited(memory: int) -> None:
    """Bounds this process's memory, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answered(head: bytes) -> tuple[bool, bytes]:
    """The answer to one request: whether it went well, and the bytes."""
    request = json.loads(head)
    body = sys.stdin.buffer.read(request["size"])
    # the asker kills this process at the time limit; this is for an asker that died itself
    if hasattr(signal, "alarm"):
        signal.alarm(int(request["seconds"]) + 2)
    try:
        source, curve, values = msgspec.msgpack.decode(body, type=FormulaRequest)
        return True, msgspec.msgpack.encode(symbolic(source, curve, values))
    except Exception as failure:  # noqa: BLE001 - sympy may raise anything over what it is given
        return False, type(failure).__name__.encode()
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def main(memory: int) -> None:
    """Answers until the asker closes its end."""
    limited(memory)
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        ok, body = answered(line)
        sys.stdout.buffer.write(json.dumps({"ok": ok, "size": len(body)}).encode() + b"\n" + body)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
