"""What somebody types or drags is never overwritten by an answer to what came before it."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.explorer import Explorer


class SlowLine:
    """The server's messages, held back while `held`: a slow line, made on purpose."""

    def __init__(self, page: Page) -> None:
        self.held = False
        self.waiting: list[str | bytes] = []
        self.sent = 0
        page.route_web_socket("**/_stcore/stream", self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        server = browser.connect_to_server()

        def up(message: str | bytes) -> None:
            self.sent += 1
            server.send(message)

        def down(message: str | bytes) -> None:
            if self.held:
                self.waiting.append(message)
            else:
                browser.send(message)

        browser.on_message(up)
        server.on_message(down)

    def release(self) -> None:
        self.held = False
        for message in self.waiting:
            self.browser.send(message)
        self.waiting.clear()


def test_an_answer_to_an_earlier_value_does_not_undo_a_later_one(explorer: Explorer) -> None:
    line = SlowLine(explorer.page)
    explorer.open(f="x**2", in_x="1.0")
    explorer.at_rest()
    for earlier, later in (("2.0", "3.0"), ("4.0", "5.0"), ("6.0", "7.0")):
        line.held = True
        before = line.sent
        explorer.field("x").fill(earlier)
        for _ in range(4_000):  # until its answer has come as far as here
            if line.sent > before and len(line.waiting) >= 20:
                break
            explorer.page.wait_for_timeout(5)
        assert len(line.waiting) >= 20
        explorer.field("x").fill(later)
        line.release()
        value = f"{float(later):g}"
        expect(explorer.node("x").locator(".value")).to_have_text(value)
        explorer.at_rest()
        expect(explorer.field("x")).to_have_value(later)
        expect(explorer.node("x").locator(".value")).to_have_text(value)


def test_a_value_that_fails_does_not_move_the_field_in_which_it_stands(explorer: Explorer) -> None:
    explorer.open(f="def f(x):\n    if x < 0:\n        raise ValueError('no')\n    return x.sqrt()")
    explorer.at_rest()
    field = explorer.field("x")
    before = field.bounding_box()
    for wrong in ("-1.0", "-2.5"):
        field.fill(wrong)
        expect(explorer.error).to_have_count(1)
        assert field.bounding_box() == before
        below = explorer.error.bounding_box()
        assert below is not None
        assert before is not None
        assert below["y"] > before["y"] + before["height"]
        field.fill("4.0")
        expect(explorer.error).to_have_count(0)


def test_a_refused_source_says_so_right_below_it(explorer: Explorer) -> None:
    explorer.open(f="x*x", in_x="3")
    explorer.type("x*x +")
    expect(explorer.error).to_have_count(1)
    source, told, field = (
        one.bounding_box() for one in (explorer.source, explorer.error, explorer.field("x"))
    )
    assert source is not None
    assert told is not None
    assert field is not None
    assert source["y"] < told["y"] < field["y"]


def test_a_dragged_value_is_taken_back(explorer: Explorer) -> None:
    explorer.open(f="x**2", in_x="1.0")
    back = explorer.key("inputs").get_by_role("button", name="Take the last change of x back")
    expect(back).to_be_hidden()
    slider = explorer.key("inputs").locator("input[type=range]")
    # one gesture, made in one go: a busy machine would make several of it
    slider.evaluate(
        """(slider) => { for (let n = 0; n < 3; n += 1) slider.dispatchEvent(
             new KeyboardEvent("keydown", { key: "ArrowRight" })); }"""
    )
    expect(explorer.field("x")).not_to_have_value("1")
    back.click()
    expect(explorer.field("x")).to_have_value("1")
    expect(back).to_be_hidden()


def test_a_number_s_field_takes_a_vector_too_and_an_empty_one_keeps_its_number(
    explorer: Explorer,
) -> None:
    explorer.open(f="def f(x):\n    return x.mean()", in_x="1.5")
    field = explorer.field("x")
    field.fill("")
    field.blur()
    expect(field).to_have_value("1.5")
    field.fill("[1, 2, 3]")
    field.press("Enter")
    explorer.expect_numbers("x", "[1, 2, 3]", "[0.3333, 0.3333, 0.3333]")
    explorer.field("x").fill("torch.tensor([])")
    explorer.field("x").press("Enter")
    expect(explorer.graph.locator(".node").first).to_be_visible()
    explorer.open(f="x*2", in_x="1.5")
    explorer.field("x").fill("nonsense")
    explorer.field("x").press("Enter")
    expect(explorer.error).to_contain_text("nonsense")
    expect(explorer.field("x")).to_have_value("nonsense")
