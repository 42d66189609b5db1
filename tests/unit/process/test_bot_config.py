"""Which bots an installation has: whatever an operator writes, the answer is the bots or a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.errors import SetupError
from bot.operations.roles.process_role import read_roles
from bot.process.bot_config import BotConfig, bot_configs, of_these
from bot.settings import Settings, load_settings
from bot.sources.newsroom.file import load_newsroom

FIRST = "123456:" + "A" * 35
SECOND = "654321:" + "B" * 35
TOPIC = 'name = "Herald"\n[[topic]]\nslug = "world"\n[topic.names]\nen = "World"\n'
BOT = '[[bot]]\ntoken = "WORLD_TOKEN"\n'


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in {
        "BOT_TOKEN": FIRST,
        "WORLD_TOKEN": SECOND,
        "SAME_TOKEN": FIRST,
        "ODD_TOKEN": "odd",
        # Where a file's name belongs.
        "LEAK_TOKEN_FILE": SECOND,
    }.items():
        monkeypatch.setenv(name, value)


def configs(text: str) -> list[BotConfig]:
    path = Path("newsroom.toml")
    path.write_text(TOPIC + text, encoding="utf-8")
    newsroom = load_newsroom(path)
    assert newsroom.agency
    return bot_configs(load_settings(), newsroom)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{BOT}owner_ids = [[1]]", "owner_ids must be a list of whole numbers"),
        (f"{BOT}owner_ids = [{{a = 1}}]", "owner_ids must be a list of whole numbers"),
        (f'{BOT}owner_ids = [1, "2"]', "owner_ids must be a list of whole numbers"),
        (f"{BOT}owner_ids = 5", "owner_ids must be a list of whole numbers"),
        (f"{BOT}owner_ids = [{10**30}]", "WORLD_TOKEN: OWNER_IDS must be less than"),
        (f"{BOT}canary_chat = {10**30}", "WORLD_TOKEN: CANARY_CHAT must be less than"),
        (f"{BOT}canary_chat = {'9' * 5000}", "too many digits"),
        (f"{BOT}topics = {'[' * 5000}{']' * 5000}", "brackets stand in brackets"),
        (f"{BOT}global_rate = nan", "GLOBAL_RATE must be"),
        (f'{BOT}time_zone = "../../etc/passwd"', "is not a time zone's name"),
        (f'{BOT}name = "a\\nb"', "name must be one line of at most 64 characters"),
        (f'{BOT}name.en = "{"x" * 65}"', "name must be one line of at most 64 characters"),
        (f'[[bot]]\ntoken = "{SECOND}"', "token names the variable that holds the token"),
        ('[[bot]]\ntoken = "NO_TOKEN"', r"\[\[bot\]\] NO_TOKEN: no token is set: .* NO_TOKEN_FILE names"),
        ('[[bot]]\ntoken = "ODD_TOKEN"', r"\[\[bot\]\] ODD_TOKEN: this is not a token"),
        ('[[bot]]\ntoken = "LEAK_TOKEN"', "the file that it names can't be read"),
        ('[[bot]]\ntoken = "SAME_TOKEN"', r"\[\[bot\]\] SAME_TOKEN: BOT_TOKEN holds a token of the same bot"),
        (BOT * 2, "token 'WORLD_TOKEN' is in the file twice"),
    ],
)
def test_a_wrong_bot_is_told_in_a_sentence_without_any_token(text: str, said: str) -> None:
    with pytest.raises(SetupError, match=said) as refused:
        configs(text)
    assert FIRST not in str(refused.value)
    assert SECOND not in str(refused.value)


def test_every_missing_token_is_told_at_once() -> None:
    with pytest.raises(SetupError) as refused:
        configs("".join(f'[[bot]]\ntoken = "T{number}"\n' for number in range(3)))
    assert [line.split(": ")[0] for line in str(refused.value).splitlines()] == [
        "[[bot]] T0",
        "[[bot]] T1",
        "[[bot]] T2",
    ]


def test_a_list_without_end_makes_no_list_of_mistakes_without_end() -> None:
    many = ", ".join(f'"t{number}"' for number in range(10_000))
    with pytest.raises(SetupError, match="and 9950 more mistakes") as refused:
        configs(f"{BOT}topics = [{many}]")
    assert len(str(refused.value).splitlines()) == 51


def test_a_topic_that_is_named_again_and_again_counts_once() -> None:
    topics = ", ".join(['"world"'] * 1000)
    assert configs(f"{BOT}topics = [{topics}]")[1].coverage.topics == ("world",)


def test_bots_and_roles_of_a_process_are_named_by_words_that_say_something() -> None:
    both = configs(BOT)
    assert of_these(both, "") == of_these(both, "WORLD_TOKEN, BOT_TOKEN") == both
    for words, said in (
        (",", "--bot: name one or more of BOT_TOKEN, WORLD_TOKEN"),
        ("word", "holds no bot's token"),
    ):
        with pytest.raises(SetupError, match=said):
            of_these(both, words)
    with pytest.raises(SetupError, match="--role: name one or more of courier"):
        read_roles(",")
