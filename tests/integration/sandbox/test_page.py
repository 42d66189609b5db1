"""The page in a real browser: rich messages drawn and used, by pointer and by keyboard; nothing said becomes markup."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.world.pictures import draw
from bot.sandbox.world.posts import post
from tests.integration.sandbox.conftest import Api, Cast

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

PICTURES = [f"https://news.example.com/{number}.png" for number in range(3)]
SLIDES = "".join(f'<img src="{url}"/>' for url in PICTURES)
CELLS = "".join(f"<td>Колонка с длинным словом {number}</td>" for number in range(12))
FILLER = "".join(f"<p>Абзац {number} о мосте, дороге и погоде в долине.</p>" for number in range(30))
STORY = f"""<h1>Мост открыт</h1>
<p><tg-button type="callback_data" style="link" data="open:1">Читать целиком</tg-button></p>
<p><a href="#end">К концу</a> <tg-time unix="1769500000" format="D">27 января</tg-time></p>
<ul><li><input type="checkbox" checked>Готово</li><li><input type="checkbox">Нет</li></ul>
<tg-slideshow>{SLIDES}<figcaption>Виды<cite>Агентство</cite></figcaption></tg-slideshow>
<tg-collage>{SLIDES}<figcaption>Ещё виды</figcaption></tg-collage>
<table bordered><caption>Поток</caption><tr>{CELLS}</tr></table>
<details><summary>Справка</summary><p>Построен в 1968 году.</p></details>
{FILLER}<a name="end"></a><footer>Конец <a href="#">Наверх</a></footer>"""


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox, cast: Cast, api: Api) -> AsyncIterator[Page]:
    """Anna's phone, with a story in her chat; any error of the page fails the test."""
    for number, url in enumerate(PICTURES):
        sandbox.offer_picture(url, draw(number))
    assert (await api("sendRichMessage", chat_id=cast.anna, rich_message={"html": STORY}))["ok"]
    opened = await browser.new_page(viewport={"width": 390, "height": 844})
    opened.set_default_timeout(60_000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    await opened.goto(f"{sandbox.url}/#user={cast.anna}&chat={cast.anna}")
    await opened.wait_for_selector("body[data-ready] [data-testid=rich]")
    yield opened
    assert wrong == []
    await opened.close()


IN_VIEW = "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; }"


async def _in_view(found: Locator) -> bool:
    return bool(await found.evaluate(IN_VIEW))


async def test_a_story_is_drawn_and_used_as_telegram_would(page: Page, sandbox: Sandbox, cast: Cast) -> None:
    rich = page.get_by_test_id("rich")
    assert await rich.locator("h1").inner_text() == "Мост открыт"
    boxes = rich.get_by_role("checkbox")
    assert [await boxes.nth(at).get_attribute("aria-checked") for at in (0, 1)] == ["true", "false"]
    slides = rich.get_by_test_id("slideshow")
    await slides.get_by_role("button", name="Next").click()
    await slides.get_by_text("2/3").wait_for()
    assert await slides.locator("figcaption").inner_text() == "Виды\nАгентство"
    assert await rich.get_by_test_id("collage").locator("img").count() == 3
    region = rich.get_by_role("region", name="Поток")
    assert await region.evaluate("e => e.scrollWidth > e.clientWidth && e.tabIndex === 0")
    hidden = rich.get_by_text("Построен в 1968 году.")
    assert not await hidden.is_visible()
    await rich.get_by_text("Справка").click()
    await hidden.wait_for(state="visible")
    assert await rich.locator("time").get_attribute("datetime") == "2026-01-27T07:46:40.000Z"
    await rich.get_by_role("button", name="Читать целиком").click()
    await sandbox.wait_until(lambda: sandbox.world.callbacks)


async def test_a_link_leads_to_its_anchor_and_back_by_keyboard(page: Page) -> None:
    rich = page.get_by_test_id("rich")
    top, end = rich.locator("h1"), rich.get_by_text("Конец")
    await rich.get_by_role("link", name="К концу").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_function(
        "e => e.getBoundingClientRect().bottom <= innerHeight", arg=await end.element_handle()
    )
    assert not await _in_view(top)
    await rich.get_by_role("link", name="Наверх").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_function("e => e.getBoundingClientRect().top >= 0", arg=await top.element_handle())
    assert "user=" in page.url, "an anchor must not change the page's own address"


HOSTILE = (
    "<script>window.owned = 1</script>",
    '<img src=x onerror="window.owned = 1">',
    '"><svg onload="window.owned = 1">',
    "<a href='javascript:window.owned = 1'>x</a>",
    "\u202e\u0000{{constructor.constructor('window.owned = 1')()}}",
)


async def test_a_location_is_shared_by_the_keyboard_which_then_goes(
    page: Page, sandbox: Sandbox, cast: Cast, api: Api
) -> None:
    keys = [[{"text": "Здесь", "request_location": True}], [{"text": "Отмена"}]]
    keyboard = {"keyboard": keys, "one_time_keyboard": True}
    assert (await api("sendMessage", chat_id=cast.anna, text="Где вы?", reply_markup=keyboard))["ok"]
    question = page.get_by_test_id("message").filter(has_text="Где вы?")
    await question.wait_for()
    # The keyboard does not hide what is asked.
    await page.wait_for_function(IN_VIEW, arg=await question.element_handle())
    await page.get_by_test_id("reply-key").filter(has_text="Здесь").click()
    await sandbox.wait_until(lambda: "location" in sandbox.messages(cast.anna)[-1])
    await page.get_by_test_id("reply-keys").wait_for(state="detached")
    await page.get_by_test_id("message").filter(has_text="📍").wait_for()


async def test_an_ephemeral_message_is_on_its_receivers_phone_alone(
    page: Page, sandbox: Sandbox, cast: Cast, api: Api
) -> None:
    sandbox.set_member(cast.forum, cast.boris, "member")
    at = f"chat={cast.forum}"
    await page.set_viewport_size({"width": 1280, "height": 844})
    # The page writes its address when the window has grown; a `goto` before then would take that for its own.
    await page.locator(f'[data-testid=phone][data-user="{cast.boris}"]').wait_for()
    await page.goto(f"{sandbox.url}/#user={cast.anna}&{at}&user={cast.boris}&{at}")
    boris = page.locator(f'[data-testid=phone][data-user="{cast.boris}"][data-chat="{cast.forum}"]')
    await boris.get_by_test_id("chat").wait_for()
    told = {"ephemeral_message_parameters": {"receiver_user_id": cast.boris}}
    assert (await api("sendMessage", chat_id=cast.forum, text="Тайна", **told))["ok"]
    assert (await api("sendMessage", chat_id=cast.forum, text="Всем"))["ok"]
    await boris.get_by_test_id("message").filter(has_text="Тайна").wait_for()
    anna = page.locator(f'[data-testid=phone][data-user="{cast.anna}"]')
    await anna.get_by_test_id("message").filter(has_text="Всем").wait_for()
    assert await anna.get_by_test_id("message").filter(has_text="Тайна").count() == 0


async def test_an_address_given_while_the_window_changes_is_followed(page: Page, cast: Cast) -> None:
    at = f"#user={cast.anna}&chat={cast.forum}"
    await page.evaluate("at => { dispatchEvent(new Event('resize')); location.hash = at; }", at)
    await page.locator(f'[data-testid=phone][data-chat="{cast.forum}"]').wait_for()
    assert page.url.endswith(at)


async def test_the_bots_name_is_that_of_the_persons_language(
    page: Page, sandbox: Sandbox, cast: Cast, api: Api
) -> None:
    await api("setMyName", name="Вестник Долины", language_code="ru")
    await api("setMyName", name="Valley Herald")
    await page.reload()
    await page.get_by_role("heading", name="Вестник Долины").wait_for()
    sandbox.send(cast.boris, cast.boris, "/start")
    await page.goto(f"{sandbox.url}/#user={cast.boris}&chat={cast.boris}")
    await page.get_by_role("heading", name="Valley Herald", level=2).wait_for()


async def test_nothing_that_is_said_becomes_markup(
    page: Page, sandbox: Sandbox, cast: Cast, api: Api
) -> None:
    for words in HOSTILE:
        safe = words.replace("\u0000", "").replace("<", "&lt;")
        sandbox.send(cast.anna, cast.anna, words)
        keys = {"inline_keyboard": [[{"text": words, "callback_data": "x"}]]}
        assert (await api("sendMessage", chat_id=cast.anna, text=words, reply_markup=keys))["ok"]
        html = (
            f'<p>{safe}</p><p><a href="javascript:window.owned=1">x</a><b onclick="window.owned=1">y</b></p>'
        )
        # The server takes no such thing; the page must not trust that.
        post(sandbox.world, sandbox.world.chat(cast.anna), {"rich_message": {"html": html}})
    person = sandbox.add_user(HOSTILE[1], language_code="ru")["id"]
    sandbox.send(person, person, "/start")
    await page.get_by_test_id("rich").nth(len(HOSTILE)).wait_for()
    drawn = page.get_by_test_id("chat")
    assert HOSTILE[0] in await drawn.inner_text()
    assert (
        await drawn.locator("script, svg:not(.icon):not(.tail), [onerror], [onload], [onclick]").count() == 0
    )
    assert await drawn.locator("a[href^=javascript]").count() == 0
    await drawn.get_by_text("y", exact=True).last.click()
    assert await page.evaluate("window.owned") is None


async def test_results_of_an_inline_query_are_shown_while_a_person_types_and_one_is_chosen(
    page: Page, sandbox: Sandbox, cast: Cast, api: Api
) -> None:
    sandbox.set_inline()
    await page.get_by_test_id("input").fill("@vestnik_bot мост")
    await page.wait_for_function("document.querySelector('[data-testid=input]').value.endsWith('мост')")

    async def asked() -> str:
        answer = await api("getUpdates", timeout=20, allowed_updates=["inline_query"])
        return str(answer["result"][-1]["inline_query"]["id"])

    content = {"message_text": "Мост открыт сегодня"}
    result = {"type": "article", "id": "1-1", "title": "Мост открыт", "description": "Утром"}
    found = [result | {"input_message_content": content, "thumbnail_url": PICTURES[0]}]
    assert (await api("answerInlineQuery", inline_query_id=await asked(), results=found))["ok"]
    row = page.get_by_test_id("inline-row")
    assert "Мост открыт" in await row.inner_text()
    await row.click()
    await page.get_by_text("Мост открыт сегодня").last.wait_for()
    assert await page.get_by_test_id("input").input_value() == ""
    assert await page.get_by_test_id("inline-results").is_hidden()
