"""Every setting, from the environment and `.env`. Only `app` and `__main__` read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit

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
from bot.settings import values
from bot.settings.secret_files import read_secrets, secret_fields, secret_named

DEFAULT_NEWSROOM = Path("newsroom.toml")
TELEGRAM_NETWORKS = (ip_network("149.154.160.0/20"), ip_network("91.108.4.0/22"))
"""Where Telegram posts updates from (core.telegram.org/bots/webhooks)."""
WEBHOOK_PORTS = (None, 80, 88, 443, 8443)
"""Ports to which Telegram posts (core.telegram.org/bots/api#setwebhook); None is the usual one of https."""

Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(values.networks)]
TelegramId = Annotated[int, Field(gt=-(2**52), lt=2**52)]
"""A person's or a chat's number: of at most 52 bits (core.telegram.org/bots/api#chat)."""
OptionalPath = Annotated[Path | None, BeforeValidator(values.empty_is_none)]


class Settings(BaseSettings):
    """What the operator decides. Names in the environment are these in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    bot_token: Annotated[SecretStr, AfterValidator(values.token)] = SecretStr("")
    bot_api_url: Annotated[str, AfterValidator(values.address)] = values.TELEGRAM
    # It may hold a password.
    database_url: str = Field(default="sqlite:///data/vestnik.db", repr=False)
    database_password: SecretStr = SecretStr("")
    owner_ids: Annotated[frozenset[TelegramId], NoDecode, BeforeValidator(values.ids)] = frozenset()

    language: Annotated[str, AfterValidator(values.language)] = "ru"
    time_zone: Annotated[str, AfterValidator(values.zone)] = "Europe/Moscow"
    newsroom_file: Path = DEFAULT_NEWSROOM
    templates_dir: OptionalPath = None
    fallback_channel: Annotated[str, AfterValidator(values.channel)] = ""

    feed_min_interval: float = Field(default=60, ge=1, le=86_400)
    allow_private_feeds: bool = False
    edit_delivered: bool = True

    media_seconds: float = Field(default=10, ge=1, le=60)

    global_rate: float = Field(default=30, ge=0.01, le=1_000_000)
    chat_rate: float = Field(default=1, ge=0.01, le=1_000_000)
    chat_burst: int = Field(default=3, ge=1, le=1_000_000)
    group_rate: float = Field(default=20, ge=0.01, le=1_000_000)
    approval: Literal["other", "anyone", "none"] = "other"
    flash_undo_seconds: float = Field(default=5, ge=0, le=60)
    report_at: Annotated[time | None, BeforeValidator(values.hour)] = time(20)

    flash_ttl: float = Field(default=3600, ge=1)
    story_ttl: float = Field(default=86_400, ge=1)
    leave_in_doubt: Annotated[frozenset[Lane], NoDecode, BeforeValidator(values.lanes)] = frozenset()
    paid_broadcast: Literal["off", "flash", "all"] = "off"
    paid_stars_a_day: float = Field(default=1000, ge=1)
    ledger_days: int = Field(default=30, ge=2, le=3650)

    backup_dir: OptionalPath = None
    backup_at: Annotated[time, BeforeValidator(values.time_of_day)] = time(3, 30)
    # Of how many days, and of how many weeks.
    backup_keep: Annotated[tuple[int, int], NoDecode, BeforeValidator(values.keep)] = (7, 4)
    subscriptions_key: Annotated[SecretStr, AfterValidator(values.key)] = SecretStr("")
    webhook_url: Annotated[str, AfterValidator(values.webhook_url)] = ""
    webhook_secret: Annotated[SecretStr, AfterValidator(values.webhook_secret)] = SecretStr("")
    webhook_connections: int = Field(default=40, ge=1, le=100)
    webhook_networks: Networks = TELEGRAM_NETWORKS
    webhook_proxies: Networks = ()
    canary_chat: Annotated[TelegramId | None, BeforeValidator(values.empty_is_none)] = None
    canary_minutes: float = Field(default=10, ge=1, le=1440)

    web_host: str = "127.0.0.1"
    web_port: int = Field(default=0, ge=0, le=65_535)
    operator_token: Annotated[SecretStr, AfterValidator(values.operator_token)] = SecretStr("")
    operator_url: Annotated[str, AfterValidator(values.public_address)] = ""
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
        if self.bot_api_url == values.TELEGRAM:
            if not url.startswith("https://"):
                raise SetupError("WEBHOOK_URL: Telegram posts to https alone")
            if urlsplit(url).port not in WEBHOOK_PORTS:
                raise SetupError("WEBHOOK_URL: Telegram posts to the ports 443, 80, 88 and 8443 alone")
        return url

    def of_bot(self, token: SecretStr, own: Mapping[str, Any]) -> Settings:
        """Return the settings of a bot of the installation: these, but for its token and those that are its `own`.

        Raises SetupError with a line for each of those that is wrong.
        """
        return _read(partial(Settings, _env_file=None, **{**self.model_dump(), **own, "bot_token": token}))

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


def token_named(variable: str) -> SecretStr:
    """Return the token of a bot that is not the first, by the name of its variable in the environment or in `.env`.

    Raises SetupError where there is none; the sentence does not name the variable.
    """
    found = secret_named(
        variable, EnvSettingsSource(Settings).env_vars, DotEnvSettingsSource(Settings).env_vars
    )
    if not values.TOKEN.fullmatch(found):
        missing = f"no token is set: write it into .env, or into the file that {variable}_FILE names"
        raise SetupError(values.MALFORMED if found else missing)
    return SecretStr(found)


def load_settings() -> Settings:
    """Return the settings. Raises SetupError with a line for each wrong setting."""
    return _read(Settings)


def _read(settings: Callable[[], Settings]) -> Settings:
    try:
        return settings()
    except UnicodeDecodeError:
        raise SetupError(".env: is not UTF-8: save the file again in that encoding") from None
    except OSError as error:
        raise SetupError(f".env: can't be read ({error.strerror})") from None
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
