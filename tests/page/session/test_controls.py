"""The address holds all that one sees: whatever a control changes, the link opens again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from tests.page.opening import opened
from viz.drawing.display import Display
from viz.lessons import TABS
from viz.page.page import address
from viz.page.serving.arriving import held_by
from viz.page.session.links import DISPLAY, VIEW, parameters_of, view_of
from viz.page.session.state import linked
from viz.page.session.view import TOOLS, View

PROGRAM = {"f": "def f(x, y, v):\n    return x * y * v\n", "in.v": "[1.0, 2.0]"}
KINDS = ("selectbox", "button_group", "select_slider", "slider", "toggle", "text_input")
ACTIONS = {"lesson"}
"""Controls that put another program in: what they show is the program."""
SEEN = {
    "curve": {
        "range",
        "along",
        "of",
        "order",
        "tools",
        "curve-reach",
        "curve-rate",
        "curve-degree",
        "curve-walked",
        "second",
    },
    "surface": {"of_surface", "over0", "over1", "rate"},
    "jacobian": {"hessian", "gradient"},
    "steps": set(),
    "code": set(),
}
SIDEBAR = {
    "language",
    "show",
    "direction",
    "digits",
    "friendly",
    "constants",
    "detached",
    "fold",
    "depth",
    "graph_order",
}


OTHERS = {
    "language": "zh",
    "direction": "TB",
    "order": 3,
    "depth": 1,
    "graph_order": 2,
    "hessian": True,
    "of": "[0]",
    "of_surface": "[1]",
}
"""Another choice, where it is not what is written on the control."""


TYPED = {"gradient": "torch.ones(2) * 2", "range": "-1 … 2"}
"""What is typed into a box that takes no formula."""


def controls(app: AppTest) -> Iterator[Any]:
    """The controls of the page, by their kinds."""
    for kind in KINDS:
        for control in app.get(kind):
            if control.key.split("-")[0] not in ACTIONS:
                yield control


def values(app: AppTest) -> dict[str, Any]:
    return {control.key: control.value for control in controls(app)}


def turned(control: Any) -> None:
    """Sets a control to another value than it has."""
    if control.type == "toggle":
        control.set_value(not control.value)
    elif control.type == "slider":
        control.set_value(control.max)
    elif control.type == "text_input":
        control.set_value(TYPED.get(control.key, "cos(x)"))
    elif isinstance(control.value, list):
        control.set_value(control.value[:-1])
    elif control.key in OTHERS:
        control.set_value(OTHERS[control.key])
    elif control.type == "select_slider":
        control.set_value(next(one for one in map(float, control.options) if one != control.value))
    else:
        control.select_index((control.index + 1) % len(control.options))


def parameters(app: AppTest) -> dict[str, str]:
    """The address that the page gives its view, as its parts."""
    return dict(parse_qsl(address(app.session_state["session"]), keep_blank_values=True))


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.usefixtures("sandbox_ends")
def test_every_control_s_change_is_in_the_address(tab: str) -> None:
    app = opened(**PROGRAM, tab=tab, tools=",".join(TOOLS))
    keys = sorted(
        [control.key for control in controls(app)], key="language".__eq__
    )  # it comes last
    assert set(keys) >= SEEN[tab] | SIDEBAR
    for control in controls(app):
        held = held_by(f"$$ID-0-{control.key}")
        assert held, f"{control.key} is missing in CONTROLS of viz/page/serving/arriving.py"
        assert held.fits(control._widget_state), control.key
    for key in keys:
        before, shown = parameters(app), values(app).get(key)
        control = next((one for one in controls(app) if one.key == key), None)
        if control is None:
            continue  # another control has taken it away
        turned(control)
        app.run()
        assert not app.exception
        assert parameters(app) != before, f"{key} leaves no trace in the address"
        assert values(app).get(key, shown) is not None
    again = opened(**parameters(app))
    assert again.session_state["session"].view == app.session_state["session"].view
    assert values(again) == values(app)


def test_every_field_of_a_view_has_its_parameter() -> None:
    named = {field for field, _reader in VIEW.values()}
    assert named | {"texts", "display"} == {field.name for field in fields(View)}
    shown = {field for field, _reader in DISPLAY.values()}
    assert shown | {"words"} == {field.name for field in fields(Display)}


SEEN_FROM = ("relief", (1.5, -1.55, 0.95, 0.0, 0.0, -0.12))
SENT = [
    View(tools=frozenset({"secant", "taylor"}), rate=0.3, reach=0.05),
    View(walk=(1.25, -3e-05), hessian=True, tab="surface"),
    View(opened=frozenset({"n7", "n7+", "n12*", "n7~250"})),
    View(quiz=("chain", "practice-2-17", "fork"), lesson="chain"),
    View(step=3, speed=0.5, look=(120.0, -40.0, 1.375), card="n7~250", legend=True),
    View(tab="surface", sidebar=True, sights=(("map", (-1.5, 2.0, 0.0, 3e-05)), SEEN_FROM)),
]


@pytest.mark.parametrize("view", SENT)
def test_what_is_added_opened_and_walked_reads_back_as_written(view: View) -> None:
    assert linked(parameters_of(view)) == (view, ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tools", "secant,"),
        ("tools", "tangent"),
        ("rate", "0.2"),
        ("rate", "nan"),
        ("reach", "-1"),
        ("walk", "1"),
        ("walk", "1,2,3"),
        ("walk", "1,inf"),
        ("open", ""),
        ("open", "<b>"),
        ("open", ",".join(f"n{number}" for number in range(201))),
        ("hessian", "2"),
        ("speed", "3"),
        ("look", "1,2"),
        ("look", "1,2,0"),
        ("look", "1e9,2,1"),
        ("look", "nan,2,1"),
        ("card", "n7 n8"),
        ("card", 'n3"><b>'),
        ("legend", "yes"),
        ("quiz", ""),
        ("quiz", "chain,chain"),
        ("quiz", "chain,own"),
        ("quiz", "practice-9-1"),
        ("quiz", "chain,<b>"),
        ("quiz", ",".join(f"practice-1-{number}" for number in range(41))),
    ],
)
def test_what_no_control_can_choose_is_left_out(name: str, text: str) -> None:
    view, problems = view_of({name: text})
    taken = View(tools=frozenset({"secant"})) if text == "secant," else View()
    assert view == taken
    assert bool(problems) == (view == View())


def test_another_program_begins_without_what_was_opened_in_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from viz.page.session import state

    now = state.Session(View(opened=frozenset({"n7"}), walk=(1.0, 2.0), rate=0.3))
    monkeypatch.setattr(state, "session", lambda: now)
    state.show("x", {"x": "1"})
    assert now.view == View(source="x", texts=MappingProxyType({"x": "1"}), rate=0.3)


def test_a_new_session_shows_what_the_browser_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    from viz.page.session import held as module
    from viz.page.session import state

    now = state.Session(View(source="x*x", tab="steps"))
    address = "?f=sin(x)&in.x=1&tab=jacobian&look=1%2C2%2C3"
    held = {"address": address, "text": "cos(x)", "edition": 7, "entry": 5, "gone": 2}
    values = {"texts": {"x": "4.0"}, "seed": 3, "at": 9}
    sent: dict[str, Any] = {"shell": {"held": {**held, "values": values}}}
    for each in (state, module):
        monkeypatch.setattr(each, "session", lambda: now)
    monkeypatch.setattr(state.st, "session_state", sent)
    module.adopt()
    texts = MappingProxyType({"x": "4.0"})
    assert now.view == View(
        source="cos(x)", texts=texts, tab="jacobian", look=(1.0, 2.0, 3.0), seed=3
    )
    assert (now.edition, now.entries, now.gone, now.echo) == (7, 5, 2, 9)
    assert now.adopted
    before = now.view
    for part in ({"text": 3}, {"edition": -1}, {"address": "a" * 10**6}):
        sent["shell"]["held"] = {**held, **part}
        now.adopted = False
        module.adopt()
        assert now.view == before
        assert now.adopted


def test_what_was_lost_comes_before_what_the_page_has_put_up_since(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from viz.page.session import held as module
    from viz.page.session import state

    now = state.Session(View(source="x*x", tab="steps"), edition=7, echo=8)
    values = {"texts": {"x": "4.0"}, "seed": 3, "at": 9, "edition": 7}
    lost = {"text": "cos(x)", "edition": 7, "entry": 5, "gone": 0, "values": values, "lost": True}
    sent: dict[str, Any] = {"shell": {"held": {**lost, "address": "?f=sin(x)&tab=jacobian"}}}
    for each in (state, module):
        monkeypatch.setattr(each, "session", lambda: now)
    monkeypatch.setattr(state.st, "session_state", sent)
    state.show("x + 1", {})  # a lesson, of which the browser has not yet heard
    shown = now.view
    module.adopt()
    assert now.view == shown
    sent["inputs"] = {"values": values}  # of the program before, and late
    state.moved()
    assert now.view == shown
    assert now.echo == 9  # heard, and answered by what the page has put up
    sent["shell"]["held"]["edition"] = 8
    values["at"] = 10
    module.adopt()
    texts = MappingProxyType({"x": "4.0"})
    assert now.view == View(source="cos(x)", texts=texts, tab="steps", seed=3)
    assert not now.adopted
