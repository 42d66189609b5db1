"""Every setting, from the environment and `.env`. Only `app` and `__main__` read it."""

from __future__ import annotations

import re
from datetime import time, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import quote, unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.model.delivery import Lane
from bot.model.desk.rules import DeskRules
from bot.model.errors import SetupError
from bot.model.hours import zone_named
from bot.secret_files import read_secrets, secret_fields
from bot.tongues import codes

TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,}")
DOUBTFUL = {"flash": Lane.FLASH, "story": Lane.STORY, "digest": Lane.DIGEST}
DEFAULT_NEWSROOM = Path("newsroom.toml")
TELEGRAM = "https://api.telegram.org"
SHORTEST_OPERATOR_TOKEN = 16
SHORTEST_KEY = 32
TELEGRAM_NETWORKS = (ip_network("149.154.160.0/20"), ip_network("91.108.4.0/22"))
"""Where Telegram posts updates from (core.telegram.org/bots/webhooks)."""
WEBHOOK_PORTS = (None, 80, 88, 443, 8443)
"""Ports to which Telegram posts (core.telegram.org/bots/api#setwebhook); None is the usual one of https."""


def _token(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("this is not a token; @BotFather gives you one, such as 123456:ABC…")
    return value


def _language(value: str) -> str:
    if value not in codes():
        raise ValueError(f"{value!r} is not a language that the bot speaks: {', '.join(codes())}")
    return value


def _zone(value: str) -> str:
    if zone_named(value) is None:
        raise ValueError(f"{value!r} is not a time zone's name; write one such as Europe/Moscow")
    return value


def _ids(value: object) -> object:
    if not isinstance(value, str):
        return value
    words = value.replace(",", " ").split()
    if wrong := next((word for word in words if not word.isdecimal()), None):
        raise ValueError(f"{wrong!r} is not a Telegram user's number; send the bot /id to see yours")
    return frozenset(map(int, words))


def _lanes(value: object) -> object:
    if not isinstance(value, str):
        return value
    words = value.lower().replace(",", " ").split()
    if wrong := next((word for word in words if word not in DOUBTFUL), None):
        raise ValueError(f"{wrong!r} is not a lane; write one or more of {', '.join(DOUBTFUL)}")
    return frozenset(DOUBTFUL[word] for word in words)


def _hour(value: object) -> object:
    return None if isinstance(value, str) and value.lower() == "off" else _time(value, ", or off")


def _time_of_day(value: object) -> object:
    return _time(value)


def _time(value: object, otherwise: str = "") -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"{value!r} is no time of day; write one such as 20:00{otherwise}")
    hours, minutes = map(int, value.split(":"))
    return time(hours, minutes)


def _keep(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d{1,3})d(?:\s+(\d{1,3})w)?", value.strip())
    if found is None or not int(found[1]):
        raise ValueError(f"{value!r} does not say of how many days and weeks; write, for example, 7d 4w")
    return int(found[1]), int(found[2] or 0)


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError(f"{value!r} is not an http or https address; write one such as {TELEGRAM}")
    return value.rstrip("/")


def _operator_token(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < SHORTEST_OPERATOR_TOKEN:
        raise ValueError(f"at least {SHORTEST_OPERATOR_TOKEN} characters, so that nobody guesses it")
    return value


def _key(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"at least {SHORTEST_KEY} characters; `openssl rand -hex 32` makes one")
    return value


def _public_address(value: str) -> str:
    address = urlsplit(value)
    plain = address.path.strip("/") == "" and not (address.query or address.fragment or "@" in address.netloc)
    if value and not (address.scheme in ("http", "https") and address.netloc and plain):
        raise ValueError(f"{value!r} is no site's address; write one such as https://bot.news.example")
    return value.rstrip("/")


def _webhook_url(value: str) -> str:
    if not value:
        return value
    try:
        parts = urlsplit(value)
        fits = bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ValueError(
            "this is not an address such as https://bot.example; the bot itself adds the path's end"
        )
    if TOKEN.search(unquote(value)):
        raise ValueError("the address must not hold the token: a proxy's log would give it away")
    return value.rstrip("/")


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
        raise ValueError("a secret of a webhook is 1 to 256 letters (A-Z, a-z), digits, _ or -")
    return value


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    words = value.replace(",", " ").split()
    try:
        return tuple(ip_network(word, strict=False) for word in words)
    except ValueError:
        raise ValueError(
            "write addresses or networks with commas between, such as 10.0.0.0/8, 192.0.2.7"
        ) from None


def _channel(value: str) -> str:
    if value and not re.fullmatch(r"@[A-Za-z]\w{3,31}", value, re.ASCII):
        raise ValueError(f"{value!r} is not a public channel's name; write one such as @news_example")
    return value


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]
OptionalPath = Annotated[Path | None, BeforeValidator(_empty_is_none)]


class Settings(BaseSettings):
    """What the operator decides. Names in the environment are these in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    bot_token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    bot_api_url: Annotated[str, AfterValidator(_address)] = TELEGRAM
    # It may hold a password.
    database_url: str = Field(default="sqlite:///data/vestnik.db", repr=False)
    database_password: SecretStr = SecretStr("")
    owner_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)] = frozenset()

    language: Annotated[str, AfterValidator(_language)] = "ru"
    time_zone: Annotated[str, AfterValidator(_zone)] = "Europe/Moscow"
    newsroom_file: Path = DEFAULT_NEWSROOM
    templates_dir: OptionalPath = None
    fallback_channel: Annotated[str, AfterValidator(_channel)] = ""

    feed_min_interval: float = Field(default=60, ge=1, le=86_400)
    allow_private_feeds: bool = False
    edit_delivered: bool = True

    media_seconds: float = Field(default=10, ge=1, le=60)

    global_rate: float = Field(default=30, gt=0, le=1_000_000)
    chat_rate: float = Field(default=1, gt=0, le=1_000_000)
    chat_burst: int = Field(default=3, ge=1, le=1_000_000)
    group_rate: float = Field(default=20, gt=0, le=1_000_000)
    approval: Literal["other", "anyone", "none"] = "other"
    flash_undo_seconds: float = Field(default=5, ge=0, le=60)
    report_at: Annotated[time | None, BeforeValidator(_hour)] = time(20)

    flash_ttl: float = Field(default=3600, ge=1)
    story_ttl: float = Field(default=86_400, ge=1)
    leave_in_doubt: Annotated[frozenset[Lane], NoDecode, BeforeValidator(_lanes)] = frozenset()
    paid_broadcast: Literal["off", "flash", "all"] = "off"
    paid_stars_a_day: float = Field(default=1000, ge=1)
    ledger_days: int = Field(default=30, ge=2, le=3650)

    backup_dir: OptionalPath = None
    backup_at: Annotated[time, BeforeValidator(_time_of_day)] = time(3, 30)
    # Of how many days, and of how many weeks.
    backup_keep: Annotated[tuple[int, int], NoDecode, BeforeValidator(_keep)] = (7, 4)
    subscriptions_key: Annotated[SecretStr, AfterValidator(_key)] = SecretStr("")
    webhook_url: Annotated[str, AfterValidator(_webhook_url)] = ""
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")
    webhook_connections: int = Field(default=40, ge=1, le=100)
    webhook_networks: Networks = TELEGRAM_NETWORKS
    webhook_proxies: Networks = ()
    canary_chat: Annotated[int | None, BeforeValidator(_empty_is_none)] = None
    canary_minutes: float = Field(default=10, ge=1, le=1440)

    web_host: str = "127.0.0.1"
    web_port: int = Field(default=0, ge=0, le=65_535)
    operator_token: Annotated[SecretStr, AfterValidator(_operator_token)] = SecretStr("")
    operator_url: Annotated[str, AfterValidator(_public_address)] = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    log_file: OptionalPath = None
    sentry_dsn: SecretStr = SecretStr("")

    @classmethod
    def settings_customise_sources(  # type: ignore[override]
        cls, settings_cls: type[BaseSettings], **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where settings are looked for; a secret's own variable goes before its file."""
        init, env, dotenv = (sources[f"{name}_settings"] for name in ("init", "env", "dotenv"))
        assert isinstance(env, EnvSettingsSource)
        assert isinstance(dotenv, DotEnvSettingsSource)
        known = init() | env() | dotenv()
        secrets = secret_fields(settings_cls, "database_url")
        files = read_secrets(secrets, known, env.env_vars, dotenv.env_vars)
        return init, env, dotenv, InitSettingsSource(settings_cls, files)

    @model_validator(mode="after")
    def _put_in_password(self) -> Self:
        password = self.database_password.get_secret_value()
        address = re.fullmatch(r"([\w+]+://)([^:/@?]*)(:[^/]*)?@(.*)", self.database_url, re.DOTALL)
        if password and not self.database_url.startswith("sqlite"):
            if address is None:
                raise SetupError("DATABASE_PASSWORD: DATABASE_URL names no user whose password this is")
            if address[3] is None:
                self.database_url = f"{address[1]}{address[2]}:{quote(password, safe='')}@{address[4]}"
        return self

    @property
    def desk(self) -> DeskRules:
        """What the newsroom decides about its desk."""
        return DeskRules(
            zone=self.time_zone,
            approval=self.approval != "none",
            other_approves=self.approval == "other",
            flash_undo=timedelta(seconds=self.flash_undo_seconds),
        )

    @property
    def webhook_base(self) -> str:
        """The address below which Telegram posts updates; empty where the bot polls.

        Raises SetupError where Telegram could not post there, or nobody would listen.
        """
        url = self.webhook_url
        if not url:
            return ""
        if not self.web_port:
            raise SetupError(
                "WEBHOOK_URL: nobody would listen to Telegram, WEB_PORT is 0; set WEB_PORT to the port to which your "
                "proxy hands requests on"
            )
        if self.bot_api_url == TELEGRAM:
            if not url.startswith("https://"):
                raise SetupError("WEBHOOK_URL: Telegram posts to https alone")
            if urlsplit(url).port not in WEBHOOK_PORTS:
                raise SetupError("WEBHOOK_URL: Telegram posts to the ports 443, 80, 88 and 8443 alone")
        return url

    @property
    def bot_id(self) -> int:
        """The bot's Telegram id: the token's first part."""
        return int(self.token.split(":")[0])

    @property
    def token(self) -> str:
        """The token itself. Raises SetupError where none is set."""
        token = self.bot_token.get_secret_value()
        if not token:
            raise SetupError("BOT_TOKEN is not set: ask @BotFather for a token and write it into .env")
        return token


def load_settings() -> Settings:
    """Return the settings. Raises SetupError with a line for each wrong setting."""
    try:
        return Settings()
    except ValidationError as error:
        # Pydantic's own text would show the value, and that may be the token.
        raise SetupError("\n".join(map(_sentence, error.errors(include_input=False)))) from None


def _sentence(problem: object) -> str:
    assert isinstance(problem, dict)
    name = "_".join(str(part) for part in problem["loc"][:1]).upper()
    said = str(problem["msg"])
    if said.startswith("Value error, "):
        return f"{name}: {said.removeprefix('Value error, ')}"
    # Pydantic's "Input should be a valid number, unable to parse string as a number".
    must = said.replace("Input should be", "must be").split(",")[0]
    for long, short in (
        ("a valid boolean", "true or false"),
        ("a valid integer", "a whole number"),
        ("valid ", ""),
    ):
        must = must.replace(long, short)
    return f"{name} {must}"
