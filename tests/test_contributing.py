"""CONTRIBUTING keeps its word: the files that it names are there, and so are its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GUIDE.partition("## The words")[2].partition("## To add")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| word")
]


def test_every_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:viz|tests|deploy|benchmarks)/[\w./]*)`", GUIDE))
    assert len(named) > 40
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_the_commands_are_those_of_the_readme() -> None:
    for command in ("python3 deploy/start.py", "python3 tests/run.py", "python3 benchmarks/run.py"):
        assert f"`{command}" in GUIDE


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_word_of_the_code_lives_where_it_is_told(row: list[str]) -> None:
    word, _means, home = row
    places = [ROOT / path for path in re.findall(r"`([^`]+)`", home)]
    files = [
        file for place in places for file in ([place] if place.is_file() else place.rglob("*.py"))
    ]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    for name in re.findall(r"`([A-Z]\w+)`", word):
        assert re.search(rf"\bclass {name}\b|^{name}\b.*=", code, re.M), f"{name} is not in {home}"
