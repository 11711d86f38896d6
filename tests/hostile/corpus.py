"""The escapes: every way to `os` with two things done through it, and the complete ones."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from viz.errors import AnswerRejected, ProgramRejected, RunStopped
from viz.records import Trace
from viz.sandbox.wire.answers import encoded

HERE = Path(__file__).parent
SECRET = "the-secret-of-another-session"

DEEDS = {
    "creates a file": "o.close(o.open('{marker}', 65))",
    "runs a command": "o.system('touch {marker}')",
    "reads a file": "print(o.read(o.open('{secret}', 0), 99))",
    "reads by a command": "print(o.popen('cat {secret}').read())",
    "makes a folder": "o.mkdir('{marker}')",
}

FOREIGN_DEEDS = {
    "makes a folder": "V(o)['mkdir']('{marker}')",
    "reads a file": "print(V(o)['read'](V(o)['open']('{secret}', 0), 99))",
    "runs a command": "V(o)['system']('touch {marker}')",
}
FOREIGN_WAY = """
way = V(type(torch.norm))['__globals__']
o = V(type(way))['__get__'](way, torch.norm)['__builtins__']['__import__']('os')
"""
"""From what gives all that an object holds to `os`, with no name that the check would refuse."""


def blocks(name: str | Path) -> dict[str, str]:
    """The programs of a file by name: blocks between lines of dashes, named by their first line.

    A relative name starts in this folder.
    """
    text = "\n".join(
        line for line in (HERE / name).read_text().splitlines() if not line.startswith("# ")
    )
    parts = (block.strip("\n").partition("\n") for block in text.split("\n---\n"))
    return {title: source for title, _, source in parts}


def done_by(
    ways: Mapping[str, str], deeds: Mapping[str, str], steps: Sequence[int], between: str = "\n"
) -> dict[str, str]:
    """Each way with some of the deeds done through it: the one at its place, and so many on."""
    named = list(deeds.items())
    found = {}
    for place, (way, source) in enumerate(ways.items()):
        for step in steps:
            deed, code = named[(place + step) % len(named)]
            found[f"{way} {deed}"] = f"{source}{between}{code}"
    return found


def foreign() -> dict[str, str]:
    """Escapes by methods that are asked of a class and called with a foreign self."""
    return done_by(blocks("escapes/foreign.txt"), FOREIGN_DEEDS, (0, 1), FOREIGN_WAY)


def escapes() -> dict[str, str]:
    """Every escape by name; `{marker}`, `{secret}` and `{port}` are still to be filled in."""
    return (
        blocks("escapes/escapes.txt")
        | foreign()
        | done_by(blocks("escapes/ways.txt"), DEEDS, (0, 2))
    )


@dataclass
class Outside:
    """The world outside the child, and what an escape has done to it."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="outside-")))
    door: socket.socket = field(default_factory=socket.socket)

    def __post_init__(self) -> None:
        self.folder.chmod(0o777)  # a child that is nobody could write here as well
        self._hide()
        self.door.bind(("127.0.0.1", 0))
        self.door.listen(64)
        self.door.setblocking(False)

    def _hide(self) -> None:
        self.secret.write_text(SECRET)
        self.secret.chmod(0o644)

    @property
    def secret(self) -> Path:
        return self.folder / "secret"

    def filled(self, source: str) -> str:
        """The escape aimed at this world."""
        port = str(self.door.getsockname()[1])
        for name, text in (
            ("marker", str(self.folder / "marker")),
            ("secret", str(self.secret)),
            ("port", port),
        ):
            source = source.replace("{" + name + "}", text)
        return source

    def touched(self, told: str = "") -> list[str]:
        """What has come about since the last time, tidied up again."""
        marks = [path for path in self.folder.iterdir() if path != self.secret]
        found = [f"made {path.name}" for path in marks]
        for path in marks:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        if SECRET in told or os.environ.get("EXPLORER_SECRET", "\0") in told:
            found.append("told the secret")
        if not self.secret.is_file() or self.secret.read_text() != SECRET:
            found.append("changed the secret")  # those that come later look for it again
            self._hide()
        try:
            self.door.accept()[0].close()
            found.append("called out")
        except BlockingIOError:
            pass
        return found

    def close(self) -> None:
        self.door.close()
        shutil.rmtree(self.folder)


def told(run: Callable[[str], Trace], source: str) -> str:
    """All that comes back of a run, in its record or its error."""
    try:
        return encoded(run(source)).decode("utf-8", "replace")
    except (RunStopped, AnswerRejected, ProgramRejected) as error:
        return f"{error} {error.problem}"


def got_out(
    run: Callable[[str], Trace], outside: Outside, sources: Mapping[str, str]
) -> dict[str, list[str]]:
    """The escapes that have done something outside, by name, and what."""
    found = {name: outside.touched(told(run, outside.filled(sources[name]))) for name in sources}
    return {name: deeds for name, deeds in found.items() if deeds}
