"""The process that lays graphs out: Graphviz through pygraphviz, one request after the other.

Run by path, never imported by the page: a crash, a hang or a memory bomb in Graphviz ends this
process and nothing else. It knows nothing of the project.

Request: one line of JSON (`format`, `engine`, `size`, `seconds`), then `size` bytes of DOT.
Answer: one line of JSON (`ok`, `size`), then `size` bytes: the picture, or what went wrong.
"""

import contextlib
import functools
import json
import signal
import sys
import warnings

WORD = "digraph {{ node [shape=plaintext] {} }}"


class NoFonts(Exception):
    """The machine has no font that Graphviz finds: words would be missing from the picture."""


def limited(memory: int) -> None:
    """Bounds this process's memory, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def picture(source: str, format: str, engine: str = "dot") -> bytes:
    """What an engine of Graphviz's makes of the source; raises `ValueError` for one that it
    cannot read."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=source)
    try:
        drawn = graph.draw(format=format, prog=engine)
    finally:
        graph.close()
    if not drawn:
        raise ValueError(f"Graphviz gave no {format}")
    return bytes(drawn)


@functools.cache
def has_fonts() -> bool:
    """Whether two words look different: without fonts each letter is the same empty box."""
    return picture(WORD.format("MWMW"), "png") != picture(WORD.format("WMWM"), "png")


def checked(source: str, format: str, engine: str) -> bytes:
    """The picture; raises `NoFonts` for one that would lose its words (positions need none)."""
    if format in ("png", "pdf") and not has_fonts():
        raise NoFonts
    return picture(source, format, engine)


def answered(line: bytes) -> tuple[bool, bytes]:
    """The answer to one request: whether it went well, and the bytes."""
    request = json.loads(line)
    source = sys.stdin.buffer.read(request["size"]).decode()
    # the asker kills this process at the time limit; this is for an asker that died itself
    if hasattr(signal, "alarm"):
        signal.alarm(int(request["seconds"]) + 2)
    try:
        return True, checked(source, request["format"], request["engine"])
    except (NoFonts, ValueError, MemoryError, OSError, AttributeError, KeyError) as failure:
        return False, f"{type(failure).__name__}: {failure}"[:1_000].encode()
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def main(memory: int, unloadable: int) -> None:
    """Answers until the asker closes its end; `unloadable` is the exit code without Graphviz."""
    try:
        import pygraphviz  # noqa: F401  # loaded before the first request, and before the limit
    except ImportError:
        sys.exit(unloadable)
    limited(memory)
    warnings.simplefilter("ignore")
    sys.stdout.buffer.write(b"ready\n")
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        ok, body = answered(line)
        sys.stdout.buffer.write(json.dumps({"ok": ok, "size": len(body)}).encode() + b"\n" + body)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
