"""The main job in a real browser: type, look, change an input, open a link, err and recover."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.explorer import Explorer
from tests.programs import CONTROL_FLOW


def test_the_first_screen_is_a_picture_with_numbers(explorer: Explorer) -> None:
    explorer.open()
    explorer.expect_numbers("x", "-2", "-4")
    explorer.expect_numbers("a", "3", "-4")
    explorer.expect_numbers("×", "-12", "1")
    expect(explorer.curves).to_have_count(2)


def test_typing_shows_graph_and_both_curves_and_the_address_follows(explorer: Explorer) -> None:
    explorer.open()
    explorer.type("sin(x)*x**2")
    explorer.expect_numbers("sin", "-0.9093", "4")
    expect(explorer.curves).to_have_count(2)
    expect(explorer.page).to_have_url(re.compile(r"f=sin%28x%29%2Ax%2A%2A2"))
    explorer.field("x").fill("0.5")
    explorer.expect_numbers("sin", "0.4794", "0.25")
    expect(explorer.page).to_have_url(re.compile(r"in\.x=0\.5"))


def test_a_link_opens_its_view(explorer: Explorer) -> None:
    explorer.open(f="2*torch.dot(x, x)", in_x="torch.arange(4.0)")
    expect(explorer.field("x")).to_have_value("torch.arange(4.0)")
    explorer.expect_numbers("×", "28", "1")
    explorer.expect_numbers("x", "[0, 1, 2, 3]", "[0, 4, 8, 12]")


def test_a_link_opens_at_a_step_and_the_address_says_where_the_play_rests(
    explorer: Explorer,
) -> None:
    explorer.open(step="3", f="(x + y)*z", in_x="-2.0", in_y="5.0", in_z="-4.0")
    place = explorer.graph.get_by_role("slider")
    expect(place).to_have_value("3")
    expect(explorer.page).to_have_url(re.compile("step=3"))
    explorer.button("Next step").click()
    expect(explorer.page).to_have_url(re.compile("step=4"))
    explorer.button("Last step").click()
    expect(explorer.page).not_to_have_url(re.compile("step="))
    explorer.open(step="99999")
    expect(explorer.button("Last step")).to_be_disabled()


def test_inputs_keep_their_values_while_the_name_stays(explorer: Explorer) -> None:
    explorer.open(f="x*y", in_x="3.5", in_y="2.0")
    explorer.type("x + 1")
    expect(explorer.field("y")).to_have_count(0)
    explorer.type("x - y")
    expect(explorer.field("x")).to_have_value("3.5")
    expect(explorer.field("y")).to_have_value("2")


def test_an_error_greys_the_picture_keeps_the_text_and_goes_away(explorer: Explorer) -> None:
    explorer.open(f="sin(x)", in_x="1.0")
    explorer.type("sin(x) *")
    expect(explorer.error).to_contain_text("Line 1")
    expect(explorer.graph.locator(".player.stale")).to_be_visible()
    figures, texts = [".canvas", ".st-key-lower [role=tabpanel]"], [".formula", ".inputs"]
    dim = dict.fromkeys(figures, "0.35") | dict.fromkeys(texts, "0.68")
    # formula, sliders and curves are of the old run as much as the graph; text stays legible
    for part, opacity in dim.items():
        expect(explorer.page.locator(part).first).to_have_css("opacity", opacity)
    expect(explorer.node("sin")).to_be_visible()
    expect(explorer.source).to_have_value("sin(x) *")
    explorer.type("sin(x) * 2")
    expect(explorer.error).to_have_count(0)
    expect(explorer.graph.locator(".player.stale")).to_have_count(0)
    expect(explorer.node("×")).to_be_visible()
    for part in dim:
        expect(explorer.page.locator(part).first).to_have_css("opacity", "1")


WRONG = {
    "empty": ("", "nothing here"),
    "syntax": ("def f(x:\n    return x", "Line 1"),
    "unknown name": ("sinn(x)", "sin"),
    "power": ("def f(x):\n    return x^2", "**"),
    "import": ("import subprocess\nx = subprocess.run('ls')", "subprocess"),
    "torch's own words": ("torch.randn(2) @ torch.randn(3) * x", "Line 1"),
    "endless": ("def f(x):\n    while True:\n        pass\n    return x", "Line 2"),
    "no tensor": ("def f(x):\n    return 'text'", "tensor"),
    "independent": ("def f(x):\n    return torch.ones(2)", "input"),
}
"""One of each way to a message; all that the check refuses is told in `tests/program`."""
RAN = ("torch's own words", "endless", "no tensor", "independent")
"""They run, and are pictured as far as they came: to their input, at least."""


def test_each_wrong_text_gets_one_message(explorer: Explorer) -> None:
    explorer.open(f="cos(x)", in_x="1.0")
    for kind, (source, words) in WRONG.items():
        explorer.type(source)
        expect(explorer.error).to_have_count(1)
        expect(explorer.error).to_contain_text(words)
        expect(explorer.source).to_have_value(source)
        expect(explorer.node("x" if kind in RAN else "cos")).to_be_visible()
        explorer.type("cos(x)")
        expect(explorer.error).to_have_count(0)
        expect(explorer.node("cos")).to_be_visible()
    # the second refusal leaves the picture as it is, and yet nothing is awaited any more
    for source in ("sinn(x)", "coss(x)"):
        explorer.type(source)
        expect(explorer.error).to_contain_text(source[:3])
    explorer.page.wait_for_timeout(500)  # until a run counts as long
    expect(explorer.graph.locator(".awaiting")).to_have_count(0)


def test_a_wrong_input_is_marked_and_named(explorer: Explorer) -> None:
    explorer.open(f="x.sum()", in_x="torch.arange(3.0)")
    explorer.field("x").fill("torch.arange(")
    expect(explorer.error).to_contain_text("Input x")
    expect(explorer.field("x")).to_have_attribute("aria-invalid", "")
    explorer.field("x").fill("torch.arange(2.0)")
    expect(explorer.error).to_have_count(0)
    explorer.expect_numbers("x", "[0, 1]", "[1, 1]")


def test_undefined_values_are_shown_as_such(explorer: Explorer) -> None:
    explorer.open(f="log(x) + 1/y", in_x="-1.0", in_y="0.0")
    explorer.expect_numbers("log", "NaN", "1")
    explorer.expect_numbers("y", "0", "-∞")


def test_ctrl_enter_commits_at_once_and_typing_is_never_lost(explorer: Explorer) -> None:
    explorer.open(f="sin(x)")
    explorer.source.click()
    explorer.source.press("End")
    explorer.source.press_sequentially(" + cos(x)", delay=15)
    explorer.source.press("Control+Enter")
    explorer.source.press_sequentially(" + 1", delay=60)
    expect(explorer.node("cos")).to_be_visible()
    expect(explorer.source).to_have_value("sin(x) + cos(x) + 1")


def test_random_inputs_repeat_by_seed_and_are_drawn_anew(explorer: Explorer) -> None:
    explorer.open(f="x.sum()", in_x="torch.randn(2)", seed="3")
    first = explorer.numbers("x")[0]
    explorer.key("inputs").get_by_role("button", name="New random numbers").click()
    expect(explorer.page).to_have_url(re.compile("seed=4"))
    expect(explorer.node("x").locator(".value")).not_to_have_text(first)
    explorer.open(f="x.sum()", in_x="torch.randn(2)", seed="3")
    assert explorer.numbers("x")[0] == first


def test_dragging_a_slider_updates_graph_and_curve_while_it_moves(explorer: Explorer) -> None:
    explorer.open(f="x**2", in_x="1.0")
    slider = explorer.slider("x")
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    explorer.page.mouse.move(box["x"] + box["width"] * 0.6, middle)
    explorer.page.mouse.down()
    value = explorer.node("x").locator(".value")
    shown = value.text_content() or ""
    for part in range(64, 94, 3):
        explorer.page.mouse.move(box["x"] + box["width"] * part / 100, middle)
        expect(value).not_to_have_text(shown)
        shown = value.text_content() or ""
    explorer.page.mouse.up()


def test_a_malformed_link_says_so_and_shows_the_rest(explorer: Explorer) -> None:
    explorer.open(f="x**2", order="99", z="%%%")
    expect(explorer.error.first).to_contain_text("link")
    expect(explorer.graph.locator(".node").first).to_be_visible()


def test_chinese_by_the_browser_s_language_by_link_and_by_switch(
    explorer: Explorer, browser_name: str
) -> None:
    assert browser_name == "chromium"
    explorer.open(lang="zh")
    expect(explorer.button("播放")).to_be_visible()
    explorer.page.get_by_role("radio", name="English").click()
    expect(explorer.button("Play")).to_be_visible()


def test_the_browser_s_own_language_is_spoken(page: Page, server: str) -> None:
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        locale="zh-CN", reduced_motion="reduce"
    )
    chinese = context.new_page()
    # a second browser beside the first loads all of the page's scripts anew: under load that alone
    # takes long, so the page's own word that it is there counts, not the clock
    chinese.goto(server, wait_until="commit")
    expect(chinese.locator(".st-key-graph .node").first).to_be_visible(timeout=120_000)
    expect(chinese.get_by_role("button", name="播放")).to_be_visible()
    expect(chinese.locator("html")).to_have_attribute("lang", "zh-CN")
    context.close()


def test_what_decisions_came_to_moves_nothing_below_it(explorer: Explorer) -> None:
    explorer.page.set_viewport_size({"width": 1000, "height": 900})
    explorer.open(f=CONTROL_FLOW, in_a="2.0")
    said = explorer.key("source").locator(".decided")
    expect(said).to_contain_text("3: True ×8, then False")
    before = explorer.key("inputs").bounding_box()
    explorer.field("a").fill("999")
    explorer.expect_numbers("a", "999", "2")
    expect(said).not_to_contain_text("then")
    assert explorer.key("inputs").bounding_box() == before


def test_control_flow_is_counted_in_the_editor(explorer: Explorer) -> None:
    explorer.open(f=CONTROL_FLOW, in_a="2.0")
    sheet = explorer.key("source")
    expect(sheet).to_contain_text("True ×8, then False")
    expect(sheet.locator(".gutter")).to_contain_text("×8")
    expect(sheet.locator(".line.skipped")).to_have_count(1)
