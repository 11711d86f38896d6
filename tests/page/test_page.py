"""The page's script without a browser: what it sends for a link, what it says of errors."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from types import MappingProxyType
from typing import Any

import pytest

from tests.page.opening import ROOT, SCRIPT, begun, opened, said, sent
from viz.errors import DrawingBusy, problem
from viz.lessons import KEYS, TABS, lesson
from viz.page.session.state import kept, link, linked
from viz.page.session.view import View
from viz.page.writing.messages import raised
from viz.records import Asks, CurveQuestion, Failure

pytestmark = pytest.mark.usefixtures("sandbox_ends")


def test_the_page_never_imports_torch_and_its_first_run_finds_all_loaded() -> None:
    # in a process of its own: other tests import torch in this one
    program = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        # a server has these by then
        "from streamlit.runtime.scriptrunner import magic_funcs\n"
        "from viz.page import entry\n"
        "from viz.page.warm import warm\n"
        "warm()\n"
        "before = set(sys.modules)\n"
        "app = AppTest.from_file(sys.argv[1], default_timeout=60).run()\n"
        "late = set(sys.modules) - before\n"
        "from viz.page.asking.answers import sandbox\n"
        "sandbox().close()\n"
        "print(len(app.exception), 'torch' in sys.modules, late)\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, str(SCRIPT)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "0 False set()"


def test_a_link_gives_editor_inputs_graph_and_steps() -> None:
    app = opened(f="sin(x)*x**2", in_x="1.5")
    assert sent(app, "source")["text"] == "sin(x)*x**2"
    assert sent(app, "inputs")["inputs"] == [{"name": "x", "text": "1.5", "kind": "number"}]
    graph = sent(app, "graph")
    assert graph["svg"].startswith("<svg")
    assert not graph["stale"]
    assert [step["direction"] for step in graph["steps"]][-1] == "backward"
    assert {"2.244"} <= {text for step in graph["steps"] for _, _, text in step["changes"]}


def test_a_first_run_sends_the_first_picture_and_the_next_one_the_rest() -> None:
    app = begun()
    rest = ("plotly_chart", "tab", "slider")
    app.run()
    assert sent(app, "graph")["steps"]
    assert sent(app, "first")["session"]
    assert not any(app.get(kind) for kind in rest)
    late = '<p class="late"'  # is seen where the scripts of neither come
    assert late in said(app)
    app.run()
    assert late not in said(app)
    assert all(app.get(kind) for kind in rest)
    with pytest.raises(AssertionError, match="no component first"):
        sent(app, "first")


def test_every_card_has_its_details_and_its_calls() -> None:
    graph = sent(opened(), "graph")
    cards = set(re.findall(r'<g id="(n\d+)" class="node', graph["svg"]))
    assert cards == set(graph["details"]) == set(graph["calls"])
    assert len(cards) == 5


@pytest.mark.parametrize(
    ("text", "kind"),
    [("1.5", "number"), ("-2e3", "number"), ("[1.0, 2.0]", "text"), ("torch.randn(2)", "text")],
)
def test_the_control_fits_the_input_s_text(text: str, kind: str) -> None:
    app = opened(f="(x*x).sum()", in_x=text)
    assert [one["kind"] for one in sent(app, "inputs")["inputs"]] == [kind]


def test_a_count_gets_a_whole_number() -> None:
    app = opened(f="def f(x, n=3):\n    for i in range(n):\n        x = x * 2.0\n    return x")
    assert [one["kind"] for one in sent(app, "inputs")["inputs"]] == ["number", "integer"]


def test_a_seed_is_offered_only_where_it_matters() -> None:
    assert not sent(opened(f="sin(x)"), "inputs")["random"]
    assert sent(opened(f="x.sum()", in_x="torch.randn(3)"), "inputs")["random"]


def test_an_error_names_its_place_and_is_escaped() -> None:
    app = opened(f="x + <script>")
    html = said(app)
    assert "Line 1" in html
    assert "<script>" not in html
    assert sent(app, "source")["error"][0] == 1
    assert sent(app, "graph")["stale"]


def test_what_the_code_raises_is_shown_in_its_own_words_and_escaped() -> None:
    app = opened(f="def f(x):\n    raise ValueError('<b>no</b>')\n    return x")
    assert "ValueError: &lt;b&gt;no&lt;/b&gt;" in said(app)


def test_a_script_shows_its_cells() -> None:
    app = opened(f="x = torch.arange(4.0)\nprint('hello')\nx\n# %%\ny = x / 2\ny")
    html = said(app)
    assert "hello" in html
    assert "tensor([0., 1., 2., 3.])" in html
    assert "tensor([0.0000, 0.5000, 1.0000, 1.5000])" in html


def test_a_mended_version_is_taken_over_with_a_click() -> None:
    app = opened(f="def f(x)：\n    return x^2 + 2x")
    app.button(key="mend0").click().run()
    assert sent(app, "source")["text"] == "def f(x):\n    return x**2 + 2*x"
    assert sent(app, "source")["edition"] == 1
    assert not sent(app, "graph")["stale"]
    app.button(key="untake").click().run()
    assert sent(app, "source")["text"] == "def f(x)：\n    return x^2 + 2x"
    assert not [button for button in app.button if button.key == "untake"]


def test_what_was_chosen_comes_back_with_what_was_typed() -> None:
    app = opened(f="torch.dot(x, x)", in_x="2.0", to="4", **{"from": "-3"})
    before = app.session_state["session"].view
    app.button(key="start0").click().run()
    assert app.session_state["session"].view.texts != before.texts
    app.button(key="untake").click().run()
    assert app.session_state["session"].view == before


def test_a_formula_as_on_paper_runs_with_a_quiet_note() -> None:
    app = opened(f="2x² + |x|", in_x="3.0")
    assert "Read as: 2*x**2 + abs(x)" in said(app)
    assert 'role="alert"' not in said(app)
    assert not sent(app, "graph")["stale"]
    assert sent(app, "source")["text"] == "2x² + |x|"
    assert sent(app, "source")["spans"] == []


def test_a_lesson_is_taken_with_its_inputs_and_its_words() -> None:
    app = opened()
    assert "The chain rule" in sent(app, "lesson")["title"]
    app.selectbox[0].select("dot").run()
    assert "y = 2 * torch.dot(x, x)" in sent(app, "source")["text"]
    assert "lesson=dot" in sent(app, "source")["place"]["view"]
    first = sent(app, "lesson")["parts"][0]["runs"]
    assert {"text": "x.grad", "code": True, "target": ""} in first


@pytest.mark.parametrize("key", KEYS)
def test_a_link_that_names_a_lesson_alone_opens_it(key: str) -> None:
    view, problems = linked({"lesson": key})
    named = lesson(key)
    assert named is not None
    assert (view.source, dict(view.texts)) == (named.source, named.inputs)
    shown = (view.order, view.graph_order, view.tab)
    assert shown == (named.head.order, named.head.graph_order, named.head.tab)
    assert problems == ()


@pytest.mark.parametrize("key", KEYS)
def test_an_edited_lesson_comes_back_from_its_link(key: str) -> None:
    named = lesson(key)
    assert named is not None
    for source in (named.source, View().source, "x + 1"):
        texts = {"x": "1.5", "y": "5.0", "z": "0.5"}
        view = View(source, MappingProxyType(texts), lesson=key)
        assert linked(link(view, tuple(texts)))[0] == view


def test_a_lesson_of_a_link_takes_the_links_inputs() -> None:
    view, _ = linked({"lesson": "loop", "in.a": "-1.0", "present": "1"})
    assert (dict(view.texts), view.present) == ({"a": "-1.0"}, True)


def test_lessons_lead_to_each_other() -> None:
    app = opened(lesson="chain")
    app.button(key="next-chain").click().run()
    assert "c = a * b" in sent(app, "source")["text"]
    assert app.selectbox[0].value == "fork"


def test_a_trial_changes_what_it_says_and_keeps_the_rest() -> None:
    app = opened(lesson="vjp", f="def f(x):\n    return x * x\n", in_x="torch.arange(4.0)")
    app.button(key="try-vjp-0").click().run()
    assert "gradient=" in sent(app, "source")["place"]["view"]
    texts = [text for step in sent(app, "graph")["steps"] for _, _, text in step["changes"]]
    assert "[0, 0, 0, 6]" in texts
    app.button(key="next-vjp").click().run()
    assert "gradient=" not in sent(app, "source")["place"]["view"]


def test_an_edited_lesson_keeps_its_words() -> None:
    app = opened(lesson="loop", f="def f(a):\n    return a * 7\n", in_a="2.0")
    assert "Control flow" in sent(app, "lesson")["title"]
    own = "The words below speak of the lesson's own program."
    assert f"Now: a = 2.0; f = 14; gradient of a: 7. {own}" in unescape(said(app))
    app.button(key="try-loop-0").click().run()
    assert "Now: a = -1.0; f = −7; gradient of a: 7." in said(app)
    assert "a * 7" in sent(app, "source")["text"]
    assert sent(app, "inputs")["inputs"][0]["text"] == "-1.0"


def test_a_script_in_a_lesson_has_no_f() -> None:
    app = opened(lesson="training")
    app.button(key="try-training-0").click().run()
    assert "Now: gradient of w: 20.88." in said(app)


def test_words_among_numbers_are_chinese_too() -> None:
    parameters = {"in_x": "torch.arange(100.0)", "show": "value,gradient,shape"}
    for language, words in (("en", ("mean", "scalar")), ("zh", ("均值", "标量"))):
        graph = sent(opened(f="(x * x).sum()", lang=language, **parameters), "graph")
        told = " ".join(str(graph[name]) for name in ("svg", "steps", "details"))
        shown = {word: word in told for word in ("mean", "scalar", "均值", "标量")}
        assert [word for word, is_there in shown.items() if is_there] == list(words)


def test_chinese_everywhere() -> None:
    app = opened(lang="zh")
    assert sent(app, "shell")["texts"]["Play"] == "播放"
    assert app.selectbox[0].label == "课程"
    assert app.tabs[0].label == "曲线"


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_opens_by_its_link(tab: str) -> None:
    opened(f="sin(x)", tab=tab)


def test_lecture_mode_leaves_nothing_else() -> None:
    app = opened(present="1")
    assert sent(app, "graph")["present"]
    assert len(app.tabs) == 0
    assert len(app.selectbox) == 0


def test_a_lecture_opens_at_a_step_and_withholds_an_error_on_purpose() -> None:
    app = opened(lesson="twice", present="1", step="2")
    graph = sent(app, "graph")
    assert (graph["present"], graph["step"]) == (True, 2)
    assert not app.caption  # where a script has no curve a class is told nothing
    assert "a second time" not in said(app)
    app.button(key="disclose").click().run()
    assert "a second time" in said(app)


def test_a_quiz_leads_through_its_parts() -> None:
    app = opened(quiz="kink,practice-1-12")
    words = sent(app, "lesson")
    assert (words["key"], words["quiz"]) == ("kink", "Quiz, part 1 of 2")
    parts = [part["key"] for part in sent(app, "course")["quiz"]]
    assert parts == ["kink", "practice-1-12"]
    assert (sent(app, "graph")["help"], sent(app, "graph")["kept"]) == ({}, "")
    app.button(key="next-kink").click().run()
    assert sent(app, "lesson")["quiz"] == "Quiz, part 2 of 2"
    assert [button for button in app.button if (button.key or "").startswith("next-")] == []
    graph = sent(app, "graph")
    assert graph["kept"] == "practice-1-12"
    asked = {str(place) for place, step in enumerate(graph["steps"]) if step["answer"]}
    assert graph["help"].keys() == asked


def test_within_another_page_there_are_graph_and_curve_alone() -> None:
    app = opened(f="sin(x)*x", embed="1")
    assert not any(len(app.get(kind)) for kind in ("tab", "selectbox", "slider", "popover"))
    shown = {element.proto.component_name for element in app.get("bidi_component")}
    assert "explorer_graph" in shown
    assert not shown & {f"explorer_{name}" for name in ("source", "inputs", "lesson", "course")}
    assert app.get("plotly_chart")


@pytest.mark.parametrize("source", ["", "x" * 30_000, "\0", "def f(:", "损失 * 2", "while 1: pass"])
def test_no_text_breaks_the_page(source: str) -> None:
    opened(f=source)


def test_texts_of_the_browser_s_scripts_are_the_table_s() -> None:
    from viz.page.components.texts import TEXTS

    scripts = (ROOT / "viz" / "page" / "components").rglob("*.js")
    used = {
        text
        for script in scripts
        for text in re.findall(r'told\(\s*"([^"]+)"', script.read_text("utf-8"))
    }
    assert used == set(TEXTS)


def test_a_result_with_several_numbers_offers_which_to_look_at() -> None:
    app = opened(f="def f(x=torch.arange(3.0)):\n    return x * x\n")
    (choice,) = [each for each in app.selectbox if each.key == "of"]
    assert list(choice.options) == ["the sum", "f[0]", "f[1]", "f[2]"]
    choice.select("[1]").run()
    assert not app.exception
    assert app.session_state["session"].view.of == "[1]"


def test_a_single_number_offers_nothing_to_choose() -> None:
    app = opened(f="x * x")
    assert [each for each in app.selectbox if each.key == "of"] == []


def test_a_run_that_fails_is_pictured_as_far_as_it_came() -> None:
    app = opened(f="def f(x):\n    y = x * 2\n    z = y.sin()\n    return z @ z", in_x="1.5")
    graph = sent(app, "graph")
    assert 'id="n' in graph["svg"]
    assert "stopped" in graph["note"]
    assert not graph["stale"]
    assert "RuntimeError" in said(app)


def test_a_run_that_fails_over_an_earlier_picture_shows_its_own_part() -> None:
    app = opened(f="sin(x)", in_x="1.5")
    assert "sin" in sent(app, "graph")["svg"]
    app.session_state["session"].view = View(source="def f(x):\n    return cos(x) @ x")
    app.run()
    graph = sent(app, "graph")
    assert "cos" in graph["svg"]
    assert "sin" not in graph["svg"]
    assert "stopped" in graph["note"]
    assert not graph["stale"]
    overlay = sent(app, "overlay")
    assert (overlay["value"], overlay["slope"]) == (None, None)


def test_a_good_picture_stays_when_the_next_text_does_not_run() -> None:
    app = opened(f="sin(x)", in_x="1.5")
    good = sent(app, "graph")["svg"]
    app.session_state["session"].view = View(source="sin(x) *")
    app.run()
    graph = sent(app, "graph")
    assert graph["svg"] == good
    assert graph["stale"]


def test_a_link_whose_text_does_not_run_keeps_its_inputs() -> None:
    app = opened(f="x * y +", in_x="2.5", in_y="torch.ones(2)")
    assert "in.x=2.5&in.y=torch.ones" in sent(app, "source")["place"]["view"]


def test_a_full_house_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from viz.page.asking.answers import sandbox
    from viz.sandbox.server.turns import busy

    def full(*_: object, **__: object) -> None:
        raise busy()

    monkeypatch.setattr(sandbox(), "ask", full)
    app = opened(f="sin(x) + 3/7", in_x="2.5")
    assert sent(app, "again") == {"attempt": 1, "pause": 0.8}
    assert "in.x=2.5" in sent(app, "source")["place"]["view"]
    app.run()
    assert sent(app, "again") == {"attempt": 2, "pause": pytest.approx(1.2)}
    monkeypatch.undo()
    app.run()
    assert sent(app, "again") == {"attempt": 0, "pause": 0}
    assert 'id="n' in sent(app, "graph")["svg"]


def test_a_tab_that_meets_a_full_house_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from viz.page.asking.answers import sandbox
    from viz.sandbox.server.turns import busy

    answering = sandbox().ask

    def full(question: Asks[Any], *given: Any, **named: Any) -> Any:
        if isinstance(question, CurveQuestion):
            raise busy()
        return answering(question, *given, **named)

    monkeypatch.setattr(sandbox(), "ask", full)
    app = opened(f="sin(x) + 1/7")
    assert sent(app, "again")["attempt"] == 1
    monkeypatch.undo()
    app.run()
    assert sent(app, "again")["attempt"] == 0
    assert app.get("plotly_chart")


def test_a_picture_that_nobody_is_free_to_draw_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from viz.page.graph import graph as module

    app = opened(f="sin(x) + 2/7")
    last = sent(app, "graph")["svg"]

    def none_free(*_: object) -> None:
        raise DrawingBusy(problem("Too many pictures are being drawn.", ""))

    monkeypatch.setattr(module, "_drawn", none_free)
    now = app.session_state["session"]
    now.view, now.gone = View(source="cos(x) + 2/7", step=1), 1
    app.run()
    graph = sent(app, "graph")
    assert graph["svg"] == last
    assert graph["gone"] == 0  # the step of the link waits for its own picture
    assert graph["stale"]
    assert sent(app, "again")["attempt"] == 1
    monkeypatch.undo()
    app.run()
    graph = sent(app, "graph")
    assert graph["svg"] != last
    assert not graph["stale"]
    assert (graph["gone"], graph["step"]) == (1, 1)


@pytest.mark.parametrize(
    ("source", "stays"),
    [
        ("def f(x, y, z):\n    a = x - y\n    return a * z\n", True),
        ("exp(t)", False),
        ("", False),
        ("def f(x, y):\n    return (1 - x)**2 + 5*(y - x**2)**2\n", False),
    ],
)
def test_a_lesson_stays_beside_an_edit_but_not_beside_another_program(
    source: str, stays: bool
) -> None:
    assert kept(View(), source) == ("chain" if stays else None)


def test_our_own_alarm_has_no_name() -> None:
    assert raised(Failure("TimeIsUp", "")) == ""
    assert raised(Failure("ValueError", "no")) == "ValueError: no"
    assert raised(Failure("AssertionError", "")) == "AssertionError"
