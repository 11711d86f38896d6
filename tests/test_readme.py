"""The README keeps its word: its examples run, its pictures and links are there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from viz.lessons import KEYS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_example_gives_what_is_written() -> None:
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted > 10
    assert result.failed == 0


def test_a_picture_stands_before_the_first_command() -> None:
    assert README.index("](deploy/pictures/") < README.index("```")


def test_everything_that_it_points_at_is_there() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert targets
    assert [target for target in targets if not (ROOT / target.partition("#")[0]).exists()] == []


def test_it_counts_the_lessons() -> None:
    assert re.findall(r"(\d+) lessons", README) == [str(len(KEYS))]


def test_the_pictures_are_small() -> None:
    folder = ROOT / "deploy" / "pictures"
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.[pg][ni][gf]")}
    assert sizes
    assert all(size < 1_500_000 for size in sizes.values()), sizes
