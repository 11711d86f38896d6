"""`pathlib`, `io` and the rest of `os` of typed code: names of files, and buffers, without a file.

- `Path("a") / "b.pt"`: a name; no file of any name is there, and making a folder does nothing.
- `StringIO`, `BytesIO`: a text that is written and read in memory; `torch.save` takes a `BytesIO`
  for a file's name.
- `os.getcwd()`, `getpid()`, `getenv`: the same answer in every run.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from viz.tracing.typed.decided.answered import Buffer
from viz.tracing.typed.type_stand_ins import Frozen, nothing

HOME: Final = "/home/user"
_SET: Final = object.__setattr__


class FilePath(Frozen):
    """The name of a file or a folder; raises `FileNotFoundError` when it is to be read."""

    __slots__ = ("_path",)
    _path: PurePosixPath

    def __init__(self, *parts: Any) -> None:
        _SET(self, "_path", PurePosixPath(*map(str, parts)))

    def __truediv__(self, other: Any) -> FilePath:
        return FilePath(self, other)

    def __rtruediv__(self, other: Any) -> FilePath:
        return FilePath(other, self)

    def __str__(self) -> str:
        return str(self._path)

    def __repr__(self) -> str:
        return f"PosixPath({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FilePath) and self._path == other._path

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def name(self) -> str:
        """The last part of the name."""
        return self._path.name

    @property
    def stem(self) -> str:
        """The last part without its ending."""
        return self._path.stem

    @property
    def suffix(self) -> str:
        """The ending, with its dot."""
        return self._path.suffix

    @property
    def parts(self) -> tuple[str, ...]:
        """All parts of the name."""
        return self._path.parts

    @property
    def parent(self) -> FilePath:
        """The folder that it is in."""
        return FilePath(self._path.parent)

    def joinpath(self, *parts: Any) -> FilePath:
        """A name within it."""
        return FilePath(self, *parts)

    def with_suffix(self, suffix: str) -> FilePath:
        """The same with another ending."""
        return FilePath(self._path.with_suffix(str(suffix)))

    def with_name(self, name: str) -> FilePath:
        """Another name in the same folder."""
        return FilePath(self._path.with_name(str(name)))

    def as_posix(self) -> str:
        """The name as a text."""
        return str(self)

    def exists(self) -> bool:
        """No file is there."""
        return False

    is_file = is_dir = exists

    def resolve(self) -> FilePath:
        """The name from the root on."""
        return FilePath(posixpath.normpath(posixpath.join(HOME, str(self))))

    absolute = resolve

    def glob(self, _pattern: str) -> Iterator[FilePath]:
        """No file is there."""
        return iter(())

    iterdir = rglob = glob

    def read_text(self, *_ways: Any, **_named: Any) -> str:
        """Raises `FileNotFoundError`."""
        raise FileNotFoundError(2, "No such file or directory", str(self))

    mkdir = touch = nothing


def _absolute(path: Any) -> str:
    return posixpath.normpath(posixpath.join(HOME, str(path)))


def _at_home(path: Any) -> str:
    text = str(path)
    return HOME + text[1:] if text == "~" or text.startswith("~/") else text


def _missing(path: Any = ".", *_given: Any, **_ways: Any) -> Any:
    raise FileNotFoundError(2, "No such file or directory", str(path))


OF_OS: Final[Mapping[str, Any]] = {
    "name": "posix",
    "linesep": "\n",
    "pathsep": ":",
    "getcwd": lambda: HOME,
    "getpid": lambda: 1,
    "getenv": lambda _key, default=None: default,
    "listdir": lambda _path=".": [],
    **dict.fromkeys(("remove", "unlink", "rmdir", "rename"), _missing),
}
"""What `os` says beside its `path`."""
FURTHER_PATHS: Final[Mapping[str, Callable[..., Any]]] = {
    "abspath": _absolute,
    "realpath": _absolute,
    "expanduser": _at_home,
    "normpath": lambda path: posixpath.normpath(str(path)),
    "split": lambda path: posixpath.split(str(path)),
    "isabs": lambda path: posixpath.isabs(str(path)),
    "getsize": _missing,
}
FILES: Final[Mapping[str, Any]] = {
    "pathlib.Path": FilePath,
    "pathlib.PurePath": FilePath,
    "io.StringIO": Buffer,
    "io.BytesIO": Buffer,
}
"""The stand-ins by full name."""
