"""The demo's words in the terminal, in Russian and English."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bot.demo.people import Cast
from bot.tongues import SOURCE, chain, of_person


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language; braces are filled in."""

    address: str
    busy: str
    operator: str
    welcome: str
    works: str
    died: str
    gave_up: str
    stopping: str
    no_folder: str
    folder_in_use: str
    no_port: str


RUSSIAN = Words(
    address="Вестник: {url}",
    busy="Порт {asked} занят другой программой, страница открыта на порту {port}.",
    operator="Страница оператора: {url}",
    welcome="""
Это настоящий бот, но вместо Telegram — песочница на этом компьютере, а вместо
агентства — выдуманный «Вестник Долины»: свежая новость примерно каждые полминуты.

Кто есть кто на странице:
  {olga:<16}с ботом ещё не знакома: начните с неё
  {anna:<16}читает экономику, науку и погоду
  {bakyt:<16}читает спорт и культуру, ведёт группу «{group}»
  {james:<16}читает новости на английском
  {maria:<16}хозяйка редакции и бота, ведёт канал «{channel}»
  {timur:<16}пишет черновики
  {nina:<16}читает их, одобряет или возвращает
  {askar:<16}выпускает новости

Попробуйте:
  · у Ольги нажать «Начать» и выбрать темы;
  · раскрыть новость целиком, скрыть тему, послать /latest или /digest;
  · у Марии открыть /desk: что редакция не доделала, ждёт её решения;
  · там же написать /breaking и текст, нажать «Отправить» и подтвердить:
    срочная новость придёт всем, кто читает на её языке;
  · заблокировать бота, удалить его из группы, перевести часы песочницы.

Журнал бота: {log}
Закончить: Ctrl-C
""",
    works="Бот работает, чаты заполняются.",
    died="Бот остановился (код {code}), запускаю снова. Его последние слова:",
    gave_up="Бот раз за разом останавливается сразу после запуска. Журнал: {log}",
    stopping="Останавливаю…",
    no_folder="Папка {folder} недоступна для записи ({reason}): укажите другую через --folder.",
    folder_in_use="Папку {folder} занимает другая демонстрация: укажите другую через --folder.",
    no_port="На порту {port} открыть страницу нельзя ({reason}): укажите другой через --port.",
)

ENGLISH = Words(
    address="Vestnik: {url}",
    busy="Port {asked} is taken by another program, so the page is served on port {port}.",
    operator="The operator's page: {url}",
    welcome="""
This is the real bot. A sandbox on this machine stands in for Telegram, and an
invented agency for yours: a new story comes about every half minute.

Who is who on the page:
  {olga:<16}has not met the bot yet: begin with her
  {anna:<16}reads about the economy, science and the weather, in Russian
  {bakyt:<16}reads sport and culture in Russian, runs the group “{group}”
  {james:<16}reads the news in English
  {maria:<16}runs the newsroom, owns the bot, has the channel “{channel}”
  {timur:<16}writes drafts
  {nina:<16}reads them, approves them or sends them back
  {askar:<16}brings the stories out

Try this:
  · press Start for {olga} and choose topics;
  · open a story in full, mute a topic, send /latest or /digest;
  · as {maria} open /desk: what the others left waits for her;
  · there, too, send /breaking and a text, press the send button and confirm:
    everybody who reads its language gets it;
  · block the bot, remove it from the group, move the sandbox's clock.

The bot's log: {log}
To end: Ctrl-C
""",
    works="The bot is working; the chats are filling.",
    died="The bot stopped (code {code}); starting it again. Its last words:",
    gave_up="The bot keeps stopping right after its start. Its log: {log}",
    stopping="Stopping…",
    no_folder="The folder {folder} can't be written to ({reason}): name another with --folder.",
    folder_in_use="Another demo is using the folder {folder}: name another with --folder.",
    no_port="The page can't be served on port {port} ({reason}): name another with --port.",
)

WORDS = {"ru": RUSSIAN, "en": ENGLISH}


def system_language() -> str:
    """Return the language of the terminal's locale: ru or en."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return next((code for code in chain(of_person(locale[:2], SOURCE)) if code in WORDS), SOURCE)


def welcome(words: Words, cast: Cast, log: str) -> str:
    """Return the welcome: who is who on the page, and what to try."""
    return words.welcome.format(**cast.names, group=cast.group_title, channel=cast.channel_title, log=log)
