"""The build backend of `pip install .` and `pip wheel .`: setuptools' own, which works on a copy.

By itself setuptools leaves `build/` and a folder of metadata beside the sources. An editable
install is setuptools' own affair: it is about the folder itself.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]
Settings = dict[str, Any] | None

NEEDED = ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", "PKG-INFO", "viz")
"""What a package is made of (`PKG-INFO`: in an unpacked source archive), and this file."""


def build_wheel(folder: str, settings: Settings = None, metadata: str | None = None) -> str:
    """Builds the wheel into the folder; its file's name."""
    target, known = _absolute(folder), None if metadata is None else _absolute(metadata)
    with _copy():
        return str(build_meta.build_wheel(target, settings, known))


def build_sdist(folder: str, settings: Settings = None) -> str:
    """Builds the archive of sources into the folder; its file's name."""
    target = _absolute(folder)
    with _copy():
        return str(build_meta.build_sdist(target, settings))


def prepare_metadata_for_build_wheel(folder: str, settings: Settings = None) -> str:
    """Writes the wheel's metadata into the folder; its directory's name."""
    target = _absolute(folder)
    with _copy():
        return str(build_meta.prepare_metadata_for_build_wheel(target, settings))


def _absolute(folder: str) -> str:
    return str(Path(folder).resolve())


@contextlib.contextmanager
def _copy() -> Iterator[None]:
    """What is needed, copied to a folder of its own, which is the current one meanwhile."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        for name in NEEDED:
            if (here / name).is_dir():
                shutil.copytree(
                    here / name, Path(made, name), ignore=shutil.ignore_patterns("__pycache__")
                )
            elif (here / name).exists():
                shutil.copy(here / name, made)
        Path(made, "deploy").mkdir()
        shutil.copy(__file__, Path(made, "deploy", Path(__file__).name))
        os.chdir(made)
        try:
            yield
        finally:
            os.chdir(here)
