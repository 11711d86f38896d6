"""What Streamlit and plotly say is in the page's language; so is the word of a lost connection."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.explorer import Explorer

ENGLISH = r"""() => ["aria-label", "data-title", "title", "placeholder"]
  .flatMap((name) => [...document.querySelectorAll(`[${name}]`)].map((of) => of.getAttribute(name)))
  .filter((label) => /[a-z]{3} [a-z]{2}|^(Open|Zoom|Pan|Fullscreen|Sidebar)$/.test(label))"""
"""Labels that are English."""
AT_REST = """() => new Promise((resolve) => {
  let changes = 0;
  const observer = new MutationObserver((all) => { changes += all.length; });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
  setTimeout(() => { observer.disconnect(); resolve(changes === 0); }, 250);
})"""
"""Whether nothing of the page changes for a while: then the browser has nothing to do either."""


def test_streamlit_and_plotly_speak_the_page_s_language(explorer: Explorer) -> None:
    explorer.open(f="sin(x)*y", in_x="1.5", in_y="2.0", lang="zh")
    expect(explorer.curves).not_to_have_count(0)
    expect(explorer.page.get_by_test_id("stSkipToContent")).to_have_text("跳到主要内容")
    assert explorer.page.evaluate(ENGLISH) == []
    explorer.page.get_by_role("tab", name="代码").click()
    explorer.key("lower").get_by_test_id("stCode").hover()  # it is hidden till then
    expect(explorer.key("lower").get_by_role("button", name="复制到剪贴板")).to_be_visible()
    explorer.page.get_by_role("tab", name="曲线").click()
    explorer.page.locator("[class*=st-key-language]").get_by_text("English").click()
    expect(explorer.page.get_by_test_id("stSkipToContent")).to_have_text("Skip to main content")
    expect(explorer.key("curve").locator('[data-title="Pan"]')).to_be_attached()
    # an icon's name is no part of what a button is called
    expect(explorer.page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    assert any(explorer.page.evaluate(AT_REST) for _turn in range(20))


def test_without_a_connection_the_page_says_so_and_the_text_stays(explorer: Explorer) -> None:
    held: list[object] = []
    explorer.page.route_web_socket(
        "**/_stcore/stream", lambda socket: held.append((socket, socket.connect_to_server()))
    )
    explorer.open(f="sin(x)", in_x="1.5")
    said = explorer.page.locator(".connection")
    expect(said).to_have_text("")
    explorer.page.route("**/_stcore/**", lambda route: route.abort())
    explorer.page.context.set_offline(True)
    held[0][0].close()  # type: ignore[index]
    expect(said).to_contain_text("No connection to the server")
    explorer.type("cos(x)")
    expect(explorer.source).to_have_value("cos(x)")
    explorer.page.unroute("**/_stcore/**")
    explorer.page.context.set_offline(False)
    expect(said).to_have_text("")
