"""Which bots an installation has: that of `BOT_TOKEN`, and those that the newsroom file names beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.model.errors import SetupError
from bot.model.newsroom.coverage import Coverage
from bot.settings import Settings, token_named
from bot.sources.newsroom.entries import BotEntry, Newsroom


@dataclass(frozen=True)
class BotConfig:
    """One bot: the installation's settings with its own among them, what it carries, and its own names, if any.

    `variable` is the one that holds its token.
    """

    settings: Settings
    coverage: Coverage
    names: Mapping[str, str]
    variable: str = "BOT_TOKEN"


def bot_configs(settings: Settings, newsroom: Newsroom) -> list[BotConfig]:
    """Return every bot, that of `BOT_TOKEN` first.

    Raises SetupError with a line for each whose token is missing, wrong, or another's too, or that has a wrong setting.
    """
    entries = {"": BotEntry()} | {entry.token: entry for entry in newsroom.bots}
    found: dict[int, BotConfig] = {}
    wrong: list[str] = []
    _ = settings.token
    for entry in entries.values():
        variable = entry.token or "BOT_TOKEN"
        try:
            one = _settings(settings, entry)
        except SetupError as error:
            wrong += [f"[[bot]] {variable}: {line}" for line in str(error).splitlines()]
            continue
        if one.bot_id in found:
            wrong.append(f"[[bot]] {variable}: {found[one.bot_id].variable} holds a token of the same bot")
            continue
        found[one.bot_id] = BotConfig(one, Coverage(entry.topics, entry.languages), entry.names, variable)
    if wrong:
        raise SetupError("\n".join(wrong))
    return list(found.values())


def of_these(configs: Sequence[BotConfig], words: str) -> list[BotConfig]:
    """Return the bots whose variables are named, with commas between; all where none is. Raises SetupError."""
    named = words.replace(",", " ").split()
    known = {each.variable: each for each in configs}
    if words and not named:
        raise SetupError(f"--bot: name one or more of {', '.join(known)}")
    if wrong := next((word for word in named if word not in known), None):
        raise SetupError(f"--bot: {wrong!r} holds no bot's token; write one or more of {', '.join(known)}")
    return [each for each in configs if not named or each.variable in named]


def _settings(settings: Settings, entry: BotEntry) -> Settings:
    if not entry.token:
        return settings.of_bot(settings.bot_token, entry.own)
    # The canary's chat is one of the first bot's.
    return settings.of_bot(token_named(entry.token), {"canary_chat": None, **entry.own})
