"""The package that `pip install .` makes: what is in its wheel, and that nothing else is."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BUILD = (
    "import sys; sys.path.insert(0, 'deploy'); import building as b; print(b.build_{}(sys.argv[1]))"
)


def built(kind: str, place: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-c", BUILD.format(kind), str(place)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return place / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel; building leaves nothing in the tree."""
    before = {each.name for each in ROOT.iterdir()}
    found = zipfile.ZipFile(built("wheel", tmp_path_factory.mktemp("package")))
    left = {each.name for each in ROOT.iterdir()} - before
    assert {name for name in left if name == "build" or name.endswith(".egg-info")} == set()
    return found


def test_all_that_the_page_needs_is_in_it(wheel: zipfile.ZipFile) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "viz"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    files = [name for name in tracked if not name.endswith("README.md")]
    assert [name for name in files if name not in wheel.namelist()] == []


def test_only_viz_is_installed(wheel: zipfile.ZipFile) -> None:
    folders = {name.partition("/")[0] for name in wheel.namelist()}
    assert {name for name in folders if not name.endswith(".dist-info")} == {"viz"}


def test_an_archive_of_the_sources_holds_what_builds_it(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "deploy/building.py", "viz/py.typed"} <= names


def test_it_says_what_it_needs(wheel: zipfile.ZipFile) -> None:
    [file] = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    told = message_from_string(wheel.read(file).decode())
    needed = told.get_all("Requires-Dist") or []
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    names = {line.partition("==")[0] for line in pinned if "==" in line}
    assert {name.split(">")[0].split("<")[0] for name in needed} == names
    assert told["Provides-Extra"] == "page"
    [scripts] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "autograd-explorer = viz.__main__:main" in wheel.read(scripts).decode()


def test_the_installed_page_has_the_same_options() -> None:
    here, there = (ROOT / ".streamlit/config.toml"), (ROOT / "viz/page/app/.streamlit/config.toml")
    assert tomllib.loads(here.read_text("utf-8")) == tomllib.loads(there.read_text("utf-8"))
