"""A language more is a catalogue and a line: a made-up fourth one, of which no other place of the bot knows."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram.types import BotCommandScopeAllPrivateChats
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot import tongues
from bot.conversations.menus import set_commands
from bot.rendering.templates import environment
from bot.rendering.templates.catalogues import po_file, update
from bot.rendering.templates.shipped import shipped_templates
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.store.engine.database import Database
from tests.support.messages import labels, plain, text_of
from tests.support.world import ECONOMY, World, settings_for

GRETA, OWNER = 51, 11
SAID = {
    "Hello, %(name)s!": "Guten Tag, %(name)s!",
    "Settings": "Einstellungen",
    "Choose topics": "Themen wählen",
    "draft": "Entwurf",
    ("%(count)s story", "%(count)s stories"): ("%(count)s Nachricht", "%(count)s Nachrichten"),
}


def write_catalogue(folder: Path) -> None:
    catalogue = Catalog(locale="de", domain="vestnik", charset="utf-8")
    for said, translated in SAID.items():
        catalogue.add(said, translated)
    path = po_file(folder, "de")
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalogue)


@pytest.fixture
async def room(
    sqlite_db: Database, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """The bot's ears, with a fourth language; Greta's Telegram speaks it."""
    folder = tmp_path / "templates"
    shutil.copytree(shipped_templates(), folder)
    write_catalogue(folder)
    line = tongues.Tongue("de", "Deutsch", people="lb", instead="en", draft=True)
    monkeypatch.setattr(tongues, "TONGUES", (*tongues.TONGUES, line))
    monkeypatch.setattr(environment, "shipped_templates", lambda: folder)
    world = World(sandbox, sqlite_db, settings_for(sandbox, language="de"))
    await world.prepare()
    sandbox.add_user("Greta", id=GRETA, language_code="lb")
    async with world.listening():
        yield world


async def test_it_greets_is_chosen_left_and_chosen_again(room: World) -> None:
    greeting = await room.say(GRETA, "/start")
    assert "Guten Tag, Greta!" in plain(greeting)
    # What the draft has no words for is said in the language that stands in for it.
    assert "Choose your topics below." in plain(greeting)
    assert "▫️ Economy" in labels(greeting)
    settings = await room.say(GRETA, "/settings")
    await room.press(GRETA, settings, "Language")
    page = await room.changed(settings, "Deutsch")
    assert labels(page)[:4] == ["Русский", "English", "Кыргызча (Entwurf / долбоор)", "✅ Deutsch (Entwurf)"]
    await room.press(GRETA, page, "Русский")
    page = await room.changed(page, "Настройки")
    await room.press(GRETA, page, "Язык")
    page = await room.changed(page, "Машинный перевод")
    await room.press(GRETA, page, "Deutsch (черновик / Entwurf)")
    assert "Einstellungen" in text_of(await room.changed(page, "Einstellungen"))


async def test_its_menu_its_plurals_and_its_dates_are_its_own(room: World) -> None:
    await set_commands(room.services)
    listed = await room.services.client.get_my_commands(BotCommandScopeAllPrivateChats(), language_code="de")
    assert {each.command: each.description for each in listed}["topics"] == "Themen wählen"
    counted = [
        room.services.talk.label("more_of", "de", topic="", count=count, alone=True) for count in (1, 2)
    ]
    assert counted == ["1 Nachricht", "2 Nachrichten"]
    await room.story("Hafen offen", ECONOMY)
    await room.say(GRETA, "/start")
    assert "Hafen offen" in plain(await room.say(GRETA, "/latest"))


def test_a_draft_is_brought_up_to_date_without_being_complete(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(shipped_templates(), folder)
    write_catalogue(folder)
    assert len(update(folder)["de"]) > 900


def test_the_operator_may_choose_each_language_and_no_other() -> None:
    for code in tongues.codes():
        assert Settings(_env_file=None, language=code).language == code
    with pytest.raises(ValueError, match="is not a language that the bot speaks: ru, en, ky"):
        Settings(_env_file=None, language="xx")
