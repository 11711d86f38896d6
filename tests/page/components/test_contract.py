"""What Python sends and what the scripts take are one thing; what comes back is bounded."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import deno
import msgspec
import pytest
import streamlit as st

from viz.drawing.figures.curve.readout import value_at
from viz.page import components
from viz.page.components import bundle, contract, received
from viz.page.components.overlay import samples
from viz.page.components.payload import payload
from viz.records import Curve, Gap

ROOT = Path(__file__).resolve().parents[3]
HOME = ROOT / "viz" / "page" / "components"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Runs Deno without a net, with a cache of its own; gives what it printed."""
    cache = tmp_path_factory.mktemp("deno")
    surroundings = {**os.environ, "DENO_DIR": str(cache), "NO_COLOR": "1"}

    def ran(*words: str, given: str = "") -> str:
        command = [deno.find_deno_bin(), *words]
        done = subprocess.run(
            command, cwd=ROOT, env=surroundings, input=given, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return ran


def test_the_types_of_the_scripts_are_those_of_the_records() -> None:
    assert contract.FILE.read_text("utf-8") == contract.written(), (
        "run python -m viz.page.components.contract"
    )


def test_every_record_has_its_component_and_every_component_its_kind() -> None:
    assert set(components.KINDS) == set(contract.RECORDS)
    kinds = (HOME / "shell" / "kinds.js").read_text("utf-8")
    for kind in set(components.KINDS.values()) - {"shell"}:
        assert f"\n  {kind}: [" in kinds


def test_what_nobody_reads_is_not_sent() -> None:
    scripts = [path for path in HOME.rglob("*.js") if path != contract.FILE]
    code = "\n".join(path.read_text("utf-8") for path in scripts)
    sent = re.findall(r"@property \{.*\} \[?(\w+)", contract.written())
    assert len(sent) > 50
    unread = {name for name in sent if not re.search(rf"(\.|\{{ ?|, ){name}\b", code)}
    # numbers that rise with each try, each reply: else the browser would not hear of the next one
    assert unread == {"attempt", "reply"}


def test_styles_are_css() -> None:
    for path in (*HOME.rglob("*.css"), *HOME.parent.glob("*.css")):
        text = path.read_text("utf-8")
        assert "<" not in text, path
        assert text.count("{") == text.count("}")
        # for Safari: what it knows by another name, and not at all
        assert len(re.findall("-webkit-user-select", text)) * 2 == text.count("user-select")
        assert re.findall(r"font-family: math, (?!\")", text) == []
        assert "print and (" not in text  # Firefox asks it of the printer's paper, not of @page


def test_the_bundle_is_a_module_that_defines_the_shell(run: Any, tmp_path: Path) -> None:
    module = tmp_path / "shell.mjs"
    module.write_text(components.shell_code(), encoding="utf-8")
    program = (
        f"const m = await import({json.dumps(module.as_uri())}); console.log(typeof m.default)"
    )
    assert run("eval", program).strip() == "function"


def test_a_bundle_keeps_scopes_apart_and_refuses_what_is_not_there(tmp_path: Path) -> None:
    home = tmp_path / "in"
    home.mkdir()
    (home / "a.js").write_text(
        'import {\n  b,\n} from "./b.js";\n\nconst own = 1;\nexport const a = b + own;\n'
    )
    (home / "b.js").write_text("const own = 2;\nexport const b = own;\n")
    made = bundle.bundled(home / "a.js")
    assert made.index("in/b.js") < made.index("in/a.js")
    assert "export" not in made
    assert "import " not in made
    (home / "b.js").write_text('import { a } from "./a.js";\nexport const b = a;\n')
    with pytest.raises(ValueError, match="imports itself"):
        bundle.bundled(home / "a.js")
    (home / "b.js").write_text("export const c = 1;\n")
    with pytest.raises(ValueError, match="imports \\['b'\\]"):
        bundle.bundled(home / "a.js")


CURVES = (
    Curve((-1.0, 0.0, 2.0), ((-1.0, 0.0, 8.0), (3.0, 0.0, 12.0), (-6.0, 0.0, 12.0))),
    Curve((0.0, 0.1, 0.3), ((0.1, 0.7, 0.2),)),
    Curve(
        (-1.0, -0.5, 0.0, 0.5, 1.0),
        (
            (float("nan"), float("nan"), float("-inf"), -0.7, 0.0),
            (float("nan"), float("nan"), float("inf"), 2.0, 1.0),
        ),
        gaps=(Gap("undefined", -1.0, 0.0), Gap("kink", 0.75, 0.75, 1, 1.0, 2.0)),
    ),
)


def test_the_browser_s_read_out_is_python_s_to_the_last_bit(run: Any) -> None:
    places = [-1.5 + step / 16 for step in range(64)] + [0.1, 0.2, 1 / 3]
    asked = [
        (index, x, order)
        for index, curve in enumerate(CURVES)
        for x in places
        for order in range(len(curve.derivatives))
    ]
    program = (
        f"import {{ curveOf, valueAt }} from {json.dumps((HOME / 'overlay/samples.js').as_uri())};"
        "const [curves, asked] = JSON.parse(prompt.text);"
        "const read = curves.map(curveOf);"
        "console.log(JSON.stringify(asked.map(([i, x, order]) => valueAt(read[i], x, order))));"
    )
    given = json.dumps([payload([samples(curve) for curve in CURVES]), asked], allow_nan=False)
    text = json.dumps(given)
    found = json.loads(run("eval", f"const prompt = {{ text: {text} }};" + program))
    expected = [value_at(CURVES[index], x, order) for index, x, order in asked]
    assert found == expected
    assert sum(one is not None for one in expected) > 100


@pytest.mark.parametrize(
    ("sent", "kind", "expected"),
    [
        ({"on": True}, received.AskFirst, received.AskFirst(True)),
        ({"on": 1}, received.AskFirst, None),
        ({"range": [1, 2.5]}, received.Seen, received.Seen((1.0, 2.5))),
        ({"range": None, "at": 5}, received.Seen, received.Seen(None)),
        ({"range": [1, float("inf")]}, received.Seen, None),
        ({"range": [float("nan"), 1]}, received.Seen, None),
        ({"range": [10**400, 1]}, received.Seen, None),
        ({"range": [1, 2, 3]}, received.Seen, None),
        ({}, received.Seen, None),
        ([1.0, 2.0], received.Clicked, received.Clicked(1.0, 2.0)),
        ([1.0, float("nan")], received.Clicked, None),
        ([{}, 2.0], received.Clicked, None),
        ({"opens": "n3+"}, received.Fold, received.Fold("n3+")),
        ({"opens": ["n3+"]}, received.Fold, None),
        ({"closes": "n" * 100_000}, received.Fold, None),
        ("x**2", str, "x**2"),
        (3, str, None),
        (None, str, None),
        (
            {"texts": {"x": "1"}, "seed": 0, "at": 3},
            received.Values,
            received.Values({"x": "1"}, 0, 3),
        ),
        ({"texts": {"x": 1}, "seed": 0, "at": 3}, received.Values, None),
        ({"texts": {"x" * 1_000: "1"}, "seed": 0, "at": 3}, received.Values, None),
        ({"texts": {}, "seed": True, "at": 3}, received.Values, None),
        ({"texts": {}, "seed": 2**31, "at": 3}, received.Values, None),
        ({"texts": {str(n): "" for n in range(1_000)}, "seed": 0, "at": 3}, received.Values, None),
        ({"texts": {}, "seed": 0, "at": 10**5_000}, received.Values, None),
    ],
)
def test_what_is_forged_is_nothing(
    monkeypatch: pytest.MonkeyPatch, sent: Any, kind: Any, expected: Any
) -> None:
    monkeypatch.setattr(st, "session_state", {"component": {"state": sent}})
    assert received.received("component", "state", kind) == expected


@pytest.mark.parametrize("state", [{}, {"component": None}, {"component": []}, {"component": "x"}])
def test_what_was_never_sent_is_nothing(monkeypatch: pytest.MonkeyPatch, state: Any) -> None:
    monkeypatch.setattr(st, "session_state", state)
    assert received.received("component", "state", str) is None


def test_records_are_frozen() -> None:
    for record in contract.RECORDS:
        assert msgspec.structs.fields(record)
        assert record.__struct_config__.frozen
