"""The graph player in a real browser: play, panel, folds, code ↔ graph, lecture mode."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.explorer import Explorer
from tests.programs import CONTROL_FLOW

CHAIN = "def f(x, y, z):\n    a = x + y\n    return a * z\n"
CHAIN_AT = {"in_x": "-2.0", "in_y": "5.0", "in_z": "-4.0"}


def counted_reruns(page: Page) -> list[int]:
    """Counts what the page sends over its websocket from here on."""
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _data: sent.append(1)))
    return sent


def test_a_full_backward_play_by_keyboard_without_a_rerun(explorer: Explorer) -> None:
    sent = counted_reruns(explorer.page)
    explorer.open(f=CHAIN, **CHAIN_AT)
    stage = explorer.graph.get_by_role("group", name=re.compile("Graph"))
    stage.focus()
    explorer.page.keyboard.press("Home")
    explorer.at_rest()
    before = len(sent)
    assert before > 0, "the count of reruns counts nothing"
    explorer.expect_numbers("x", "-2", "")
    explorer.expect_numbers("a", "", "")
    expected = [
        {"a": ("3", "")},
        {"×": ("-12", "")},
        {"×": ("-12", ""), "z": ("-4", "")},
        {"×": ("-12", "1"), "a": ("3", "-4"), "z": ("-4", "3")},
    ]
    for cards in expected:
        explorer.page.keyboard.press("ArrowRight")
        for title, (value, _gradient) in cards.items():
            expect(explorer.node(title).locator(".value")).to_have_text(value.replace("-", "−"))
    explorer.page.keyboard.press("End")
    explorer.expect_numbers("x", "-2", "-4")
    explorer.expect_numbers("y", "5", "-4")
    explorer.expect_numbers("z", "-4", "3")
    explorer.expect_numbers("a", "3", "-4")
    explorer.page.keyboard.press("ArrowLeft")
    expect(explorer.step).to_have_text("7 / 8")
    assert len(sent) == before, "stepping ran the script again"


def test_the_formula_shows_the_chain_rule_with_its_numbers(explorer: Explorer) -> None:
    explorer.open(f=CHAIN, **CHAIN_AT)
    formula = explorer.graph.locator(".formula")
    said = explorer.graph.locator("[aria-live]").first
    explorer.button("First step").click()
    seen = []
    for _step in range(8):
        explorer.button("Next step").click()
        seen.append((formula.text_content() or "").replace(" ", ""))
    assert any("=1×(−4)=−4" in text for text in seen)
    assert any("=1×3=3" in text for text in seen)
    expect(said).to_contain_text("−4")


def test_space_plays_and_pauses(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*x")
    explorer.graph.locator(".stage").focus()
    explorer.page.keyboard.press("Home")
    explorer.page.keyboard.press("Space")
    expect(explorer.button("Pause")).to_be_visible()
    expect(explorer.step).to_have_text(re.compile("^[2-9] "))
    explorer.page.keyboard.press("Space")
    expect(explorer.button("Play")).to_be_visible()


def test_step_and_zoom_survive_a_new_x(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*x", in_x="1.0")
    explorer.button("First step").click()
    explorer.button("Next step").click()
    explorer.button("Zoom in").click()
    canvas = explorer.graph.locator(".canvas")
    place = canvas.evaluate("one => one.style.transform")
    explorer.field("x").fill("2.0")
    expect(explorer.node("x").locator(".value")).to_have_text("2")
    expect(explorer.step).to_have_text(re.compile("^1 "))
    assert canvas.evaluate("one => one.style.transform") == place


def test_code_lights_up_with_a_node_and_the_other_way_round(explorer: Explorer) -> None:
    explorer.open(f=CHAIN, **CHAIN_AT)
    explorer.node("a").click()
    expect(explorer.key("source").locator("mark.lit")).to_have_text("x + y")
    explorer.page.keyboard.press("Escape")
    explorer.page.mouse.move(1, 1)
    explorer.source.focus()
    explorer.source.evaluate(
        "area => area.setSelectionRange(area.value.length - 3, area.value.length - 3)"
    )
    explorer.source.press("ArrowLeft")
    expect(explorer.node("×")).to_have_class(re.compile("linked"))
    expect(explorer.node("a")).not_to_have_class(re.compile("linked"))


def test_what_the_cursor_lights_stays_lit_beside_a_pointer_and_a_new_x(explorer: Explorer) -> None:
    linked = re.compile("linked")
    explorer.open(f=CHAIN, **CHAIN_AT)
    explorer.source.focus()
    explorer.source.press("ControlOrMeta+Home")
    explorer.source.press("ControlOrMeta+End")
    for _ in range(2):
        explorer.source.press("ArrowLeft")
    expect(explorer.node("×")).to_have_class(linked)
    explorer.node("x").hover()
    expect(explorer.node("x")).to_have_class(linked)
    expect(explorer.node("×")).not_to_have_class(linked)
    explorer.page.mouse.move(1, 1)
    expect(explorer.node("×")).to_have_class(linked)
    expect(explorer.node("x")).not_to_have_class(linked)
    explorer.field("z").fill("7")
    explorer.expect_numbers("×", "21", "1")
    expect(explorer.node("×")).to_have_class(linked)


def test_the_panel_tells_value_gradient_derivatives_and_paths(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*x**2", in_x="1.5")
    explorer.node("x").click()
    panel = explorer.graph.locator(".panel")
    expect(panel).to_contain_text("3.152")
    expect(panel).to_contain_text("Paths to the result")
    expect(panel.locator("math").first).to_be_visible()
    explorer.node("sin").click()
    expect(panel.get_by_role("link", name="Documentation")).to_have_attribute(
        "href", re.compile("docs.pytorch.org.*sin")
    )
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_the_panel_shows_what_the_play_has_come_to_and_no_more(explorer: Explorer) -> None:
    explorer.open(f=CHAIN, **CHAIN_AT)
    panel = explorer.graph.locator(".panel")
    explorer.button("First step").click()
    explorer.node("a").click()
    expect(panel).to_contain_text("AddBackward0")
    expect(panel.locator(".value")).to_have_count(0)
    expect(panel).not_to_contain_text("3")
    explorer.button("Next step").click()
    expect(panel.locator(".value")).to_have_text("3")
    expect(panel.locator(".gradient")).to_have_count(0)
    explorer.button("Last step").click()
    expect(panel.locator("p.gradient")).to_have_text("−4")


def test_further_outputs_are_blank_until_the_play_has_come_to_them(explorer: Explorer) -> None:
    explorer.open(f="def f(x):\n    p, q = torch.sin(x)\n    return p * q", in_x="[0.5, 1.0]")
    further = explorer.node("unbind").locator("[data-further]")
    explorer.button("First step").click()
    expect(further).to_have_text(["", ""])
    stage = explorer.graph.get_by_role("group", name=re.compile("Graph"))
    stage.focus()
    for _ in range(3):
        explorer.page.keyboard.press("ArrowRight")
    expect(further).to_have_text(["0.8415", ""])
    explorer.button("Last step").click()
    expect(further).to_have_text(["0.8415", "0.4794"])


def test_a_step_without_a_formula_is_said_in_words(explorer: Explorer) -> None:
    explorer.open(f=CHAIN, **CHAIN_AT)
    explorer.button("First step").click()
    expect(explorer.graph.locator(".formula")).to_have_text("The inputs: x, y, z.")


def test_the_while_loop_folds_and_opens(explorer: Explorer) -> None:
    explorer.open(f=CONTROL_FLOW, in_a="0.001")
    nodes = explorer.graph.locator(".canvas .node")
    stack = explorer.graph.locator(".canvas .node.stack")
    expect(stack).to_have_count(1)
    expect(stack).to_contain_text("×")
    few = nodes.count()
    stack.click()
    expect(nodes).not_to_have_count(few)
    assert nodes.count() > few
    gradient = explorer.node("a").locator(".gradient")
    expect(gradient).to_have_text(re.compile("1048576|1.049e6|1.049e[+]06"))


def test_control_flow_that_changes_changes_the_graph_visibly(explorer: Explorer) -> None:
    explorer.open(f="def f(x):\n    return sin(x) if x > 0 else cos(x) * 3", in_x="1.0")
    expect(explorer.node("sin")).to_be_visible()
    explorer.field("x").fill("-1.0")
    expect(explorer.node("cos")).to_be_visible()
    expect(explorer.node("sin")).to_have_count(0)
    expect(explorer.graph.locator(".node.came").first).to_be_visible()


def test_a_clicker_steps_in_lecture_mode_and_nothing_else_is_there(explorer: Explorer) -> None:
    explorer.open(f=CHAIN, present="1", **CHAIN_AT)
    expect(explorer.key("masthead")).to_have_count(0)
    explorer.page.keyboard.press("ArrowLeft")  # at once: nothing was clicked yet
    expect(explorer.step).to_have_text("7 / 8")
    # the way out is seen, and has a name for who does not see its icon
    leave = explorer.page.get_by_role("button", name="Leave lecture mode (Esc)", exact=True)
    expect(leave.first).to_be_in_viewport()
    explorer.button("First step").click()
    explorer.page.locator("body").press("PageDown")
    expect(explorer.step).to_have_text("1 / 8")
    explorer.page.locator("body").press("PageUp")
    expect(explorer.step).to_have_text("0 / 8")
    leave.first.click()
    expect(explorer.key("masthead")).to_be_visible()


def test_a_node_that_was_found_comes_into_sight_beside_its_panel(explorer: Explorer) -> None:
    explorer.open(f=CONTROL_FLOW, in_a="2.0")
    field = explorer.graph.get_by_role("searchbox")
    field.fill(">")
    field.press("Enter")
    found = explorer.graph.locator(".node.selected")
    expect(explorer.graph.locator(".panel")).to_contain_text("torch.Tensor.gt")
    expect(found).to_have_count(1)
    box, room = found.bounding_box(), explorer.graph.locator(".stage").bounding_box()
    assert box is not None
    assert room is not None
    assert room["x"] <= box["x"]
    assert box["x"] + box["width"] <= room["x"] + room["width"]


def test_searching_finds_a_node(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*exp(x)")
    explorer.graph.get_by_role("searchbox").fill("exp")
    expect(explorer.node("exp")).to_have_class(re.compile("selected"))


FORMS = {
    "SVG, as shown": b"<svg", "PNG, as shown (2×)": b"\x89PNG", "PDF": b"%PDF",
    "DOT": b"digraph", "HTML, plays offline": b"<!doctype", "JSON": b"{", "Python script": b"",
    "Notebook": b"{", "Curve: samples (CSV)": b"x,f", "Curve: figure (HTML)": b"<!doctype",
}  # fmt: skip


def test_one_menu_saves_the_run_in_every_form(explorer: Explorer) -> None:
    explorer.open(f="sin(x)", tab="curve")
    expect(explorer.button("Save the picture")).to_be_hidden()  # the page has the menu
    expect(explorer.curves.first).to_be_visible()
    explorer.at_rest()
    explorer.key("save").get_by_role("button").click()
    menu = explorer.key("formats")
    expect(menu.get_by_role("button")).to_have_count(len(FORMS))
    for name, start in FORMS.items():
        with explorer.page.expect_download() as download:
            menu.get_by_role("button", name=name, exact=True).click()
        body = download.value.path().read_bytes()
        assert body.startswith(start), name
        assert b"NaN" not in body[:200]
    on_one_sheet(explorer)


def on_one_sheet(explorer: Explorer) -> None:
    """On paper there are program, graph and curve on one page, and nothing to press."""
    page = explorer.page
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) == 1
    page.emulate_media(media="print")
    expect(page.locator("button:visible, [role=tab]:visible, select:visible")).to_have_count(0)
    for part in (explorer.source, explorer.node("sin"), explorer.curves.first):
        expect(part).to_be_visible()
    # of a dark page, too, in ink
    page.emulate_media(color_scheme="dark", media="screen")
    title = page.locator("header h1")
    expect(title).to_have_css("color", "rgb(233, 231, 226)")
    page.emulate_media(color_scheme="dark", media="print")
    for part in (title, explorer.source):
        expect(part).to_have_css("color", "rgb(34, 37, 42)")
    expect(page.locator(".stApp")).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_the_picture_plays_by_itself_unless_motion_is_to_be_reduced(
    page: Page, server: str
) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(reduced_motion="no-preference", locale="en-US")
    moving = context.new_page()
    moving.goto(server)
    counts = moving.locator(".st-key-graph .bar .count")
    expect(counts).to_have_text(re.compile("^[2-9] "), timeout=30_000)
    # on paper the run is whole; behind it the play goes on
    printing = "dispatchEvent(new Event('{}print'))"
    moving.evaluate(printing.format("before"))
    first, last = counts.inner_text().split(" / ")
    assert first == last
    moving.evaluate(printing.format("after"))
    expect(counts).not_to_have_text(f"{last} / {last}")
    context.close()


def test_a_script_shows_its_passes_and_its_second_backward_fails_with_a_remedy(
    explorer: Explorer,
) -> None:
    source = (
        "x = torch.arange(4.0, requires_grad=True)\ny = 2 * torch.dot(x, x)\ny.backward()\n"
        "x.grad\n# %%\ny.backward()\n"
    )
    explorer.open(f=source)
    printed = explorer.key("printed")
    expect(printed).to_contain_text("tensor([ 0.,  4.,  8., 12.])")
    expect(explorer.error).to_contain_text("Trying to backward through the graph a second time")
    expect(explorer.error).to_contain_text("retain_graph=True")
    explorer.page.get_by_role("button", name="Use the corrected version").click()
    expect(explorer.error).to_have_count(0)
    expect(explorer.source).to_have_value(re.compile("retain_graph=True"))


ACTIONS = {
    "First step", "Previous step", "Play", "Next step", "Last step", "Step",  # the step
    "Quiz me", "Speed", "Legend", "Zoom out", "Zoom in", "Fit", "Close",
    "Find a node",  # leads to the card that it chooses
    "Full screen",  # leaves nothing behind
}  # fmt: skip
"""The player's controls: another one is to be put into the address, and in here."""


def parameters(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def test_the_address_opens_the_player_as_it_stands(explorer: Explorer) -> None:
    page = explorer.page
    explorer.open(f=CHAIN, **CHAIN_AT)
    controls = explorer.graph.locator(".player").locator(":is(button, select, input, a):visible")
    names = controls.evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label') || one.textContent)"
    )
    assert set(names) <= ACTIONS
    explorer.button("First step").click()
    explorer.button("Next step").click()
    explorer.graph.get_by_label("Speed").select_option("2×")
    explorer.button("Legend").click()
    explorer.button("Zoom in").click()
    explorer.node("a").click()
    explorer.graph.locator(".stage").focus()
    page.wait_for_function(
        "names => names.every(one => location.search.includes(`${one}=`))",
        arg=["step", "look", "speed", "legend", "card"],
    )
    canvas = explorer.graph.locator(".canvas")
    page.wait_for_timeout(400)  # the address follows a little later
    address, place = page.url, canvas.evaluate("one => one.style.transform")
    card = explorer.node("a").get_attribute("id")
    told = {"step": "1", "speed": "2", "legend": "1", "card": card}
    assert parameters(page).items() >= told.items()
    page.goto(address)
    expect(explorer.graph.locator(".legend")).to_be_visible()
    expect(explorer.graph.locator(".panel")).to_contain_text("AddBackward0")
    expect(explorer.graph.get_by_label("Speed")).to_have_value("2")
    expect(explorer.step).to_have_text("1 / 8")
    numbers = re.compile(r"-?[0-9.]+")
    again = canvas.evaluate("one => one.style.transform")
    for then, now in zip(numbers.findall(place), numbers.findall(again), strict=True):
        assert abs(float(then) - float(now)) < 2
    explorer.button("Fit").click()
    explorer.button("Legend").click()
    explorer.graph.locator(".panel").get_by_role("button", name="Close").click()
    explorer.graph.get_by_label("Speed").select_option("1×")
    explorer.button("Last step").click()
    page.wait_for_function("() => !/step|speed|look|card|legend/.test(location.search)")
