"""One set of colours: the pictures', their style sheet's, the page's theme's."""

import re
import tomllib
from pathlib import Path

import pytest

from viz.drawing.colours import CSS, DARK, LIGHT
from viz.drawing.texts import PRIMES
from viz.records import MAX_ORDER

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads(ROOT.joinpath(".streamlit", "config.toml").read_text(encoding="utf-8"))
THEME = {
    "paper": "backgroundColor",
    "ink": "textColor",
    "muted": "grayColor",
    "forward": "blueColor",
    "backward": "orangeColor",
    "selection": "greenColor",
}


@pytest.mark.parametrize(("colours", "theme"), [(LIGHT, "light"), (DARK, "dark")])
def test_the_page_s_theme_has_the_pictures_colours(colours: dict[str, str], theme: str) -> None:
    told = CONFIG["theme"] | CONFIG["theme"].get(theme, {})
    assert {name: told[key] for name, key in THEME.items()} == colours


def test_the_style_sheet_falls_back_to_the_light_colours() -> None:
    fallbacks = dict(re.findall(r"var\(--(\w+), (#[0-9a-f]{6})\)", CSS))
    assert fallbacks == LIGHT


def test_paper_has_the_light_colours() -> None:
    """What a dark page is printed in."""
    printed = ROOT.joinpath("viz", "page", "theme.css").read_text("utf-8").split("html.dark, ")[1]
    told = dict(re.findall(r"--st-([a-z-]+)-color: (#[0-9a-f]{6}) !important", printed))
    named = {re.sub("-(.)", lambda found: found[1].upper(), name): told[name] for name in told}
    light = CONFIG["theme"] | CONFIG["theme"]["light"]
    assert named == {name: light[f"{name}Color"] for name in named}
    assert {"text", "background", "blue", "orange", "green", "gray", "red"} <= named.keys()


def test_there_is_a_word_for_every_order() -> None:
    assert len(PRIMES) == MAX_ORDER + 1
