"""Who may import what. Whatever is not listed here may be imported by nobody; import-linter holds the layers."""

from __future__ import annotations

import ast
import sys

from tests.support.code import Source, sources

BOT, TESTS = sources("bot"), sources("tests")

NEWS = ("bot.sources", "bot.desk", "bot.readers", "bot.matching", "bot.outbox", "bot.operations")
"""What works on the news between the store and whoever asks: these six don't import each other."""

START = ("bot.app", "bot.process", "bot.factory", "bot.commands", "bot.__main__")
"""What puts the bot together and starts it."""

WIRING = (*START, "bot.updates", "bot.line", "bot.ticks")

LIBRARIES = {
    "aiogram": (
        "bot.telegram",
        "bot.services",
        "bot.conversations",
        "bot.updates",
        "bot.line",
        "bot.process",
        "bot.factory",
    ),
    "aiohappyeyeballs": ("bot.telegram.transport.keepalive",),
    "aiohttp": (
        "bot.telegram.client",
        "bot.telegram.transport",
        "bot.sources.fetch",
        "bot.web",
        "bot.sandbox",
        "bot.demo.wire",
        "bot.commands.check",
        "bot.commands.updates",
        "bot.updates",
    ),
    "aiosqlite": ("bot.store",),
    "alembic": ("bot.store",),
    "apscheduler": ("bot.operations.ticker",),
    "asyncpg": (
        "bot.store.engine.postgres",
        "bot.store.transfer",
    ),
    "babel": ("bot.rendering", "bot.sources.text"),
    "cchardet": ("bot.sources.fetch.encodings",),
    "feedparser": ("bot.sources.formats",),
    "httptools": ("bot.telegram.transport.keepalive",),
    "jinja2": ("bot.rendering.templates",),
    "lxml": ("bot.sources",),
    "mammoth": ("bot.sources.formats.docx",),
    "markupsafe": ("bot.rendering",),
    "matplotlib": ("bot.media.charts.draw",),
    "nh3": ("bot.sources.html",),
    "orjson": (
        "bot.store",
        "bot.sources",
        "bot.telegram.client",
        "bot.telegram.transport",
        "bot.updates",
        "bot.sandbox",
        "bot.commands.preview",
    ),
    "PIL": ("bot.media.image_fit",),
    "prometheus_client": ("bot.metrics", "bot.web"),
    "pydantic": ("bot.settings", "bot.telegram", "bot.updates"),
    "pydantic_settings": ("bot.settings",),
    "sentry_sdk": ("bot.commands.sentry",),
    "snowballstemmer": ("bot.stemming",),
    "sqlalchemy": ("bot.store",),
    "tdjson": ("bot.sandbox.text.markup",),
    "tomli_w": ("bot.desk.newsroom.export",),
    "tzfpy": ("bot.rendering.text.zones",),
    "uvloop": ("bot.commands.run",),
    "yarl": ("bot.telegram.client", "bot.telegram.transport", "bot.sources.fetch", "bot.sources.text.links"),
}

PACKAGES = {
    "bot": (
        "bot.__main__",
        "bot.commands.repairs.files",
        "bot.commands.session",
        "bot.commands.sentry",
        "bot.sources.fetch",
    ),
    "bot.app": ("bot.commands.run",),
    "bot.bell": ("bot.services", "bot.factory", *NEWS, "bot.conversations", *WIRING),
    "bot.commands": ("bot.__main__",),
    "bot.conversations": ("bot.process", "bot.app", "bot.factory", "bot.updates", "bot.ticks"),
    "bot.demo": ("bot.commands.options.server",),
    "bot.desk": ("bot.conversations", "bot.web", *WIRING),
    "bot.errands": ("bot.process", "bot.services", "bot.conversations", "bot.app"),
    "bot.factory": ("bot.process", "bot.app", "bot.commands"),
    "bot.line": ("bot.process", "bot.factory", "bot.ticks"),
    "bot.log": (
        "bot.errands",
        "bot.media",
        "bot.publishing",
        "bot.rendering",
        "bot.store",
        "bot.telegram",
        *NEWS,
        "bot.conversations",
        "bot.web",
        *WIRING,
    ),
    "bot.matching": WIRING,
    "bot.media": ("bot.telegram", "bot.services", *WIRING),
    "bot.metrics": ("bot.media", "bot.telegram", *NEWS, "bot.conversations", "bot.web", *WIRING),
    "bot.model": (
        "bot.bell",
        "bot.media",
        "bot.metrics",
        "bot.publishing",
        "bot.rendering",
        "bot.settings",
        "bot.store",
        "bot.telegram",
        "bot.services",
        *NEWS,
        "bot.conversations",
        "bot.web",
        *WIRING,
    ),
    "bot.operations": ("bot.conversations", "bot.web", *WIRING),
    "bot.outbox": WIRING,
    "bot.process": ("bot.app", "bot.commands"),
    "bot.publishing": ("bot.sources", "bot.desk", "bot.web"),
    "bot.readers": ("bot.conversations", *WIRING),
    "bot.rendering": ("bot.services", "bot.outbox", "bot.conversations", "bot.web", *WIRING),
    "bot.sandbox": ("bot.demo",),
    "bot.services": (*NEWS, "bot.conversations", *WIRING),
    "bot.settings": START,
    "bot.sources": ("bot.conversations", "bot.web", *WIRING),
    "bot.stemming": (
        "bot.matching.alert_index",
        "bot.sources",
        "bot.readers",
        "bot.desk",
        "bot.store.newsroom.search",
    ),
    "bot.store": ("bot.errands", "bot.media", "bot.publishing", "bot.services", *NEWS, *WIRING),
    "bot.telegram": ("bot.services", "bot.outbox", "bot.conversations", *WIRING),
    "bot.ticks": ("bot.factory",),
    "bot.tongues": (
        "bot.commands.options",
        "bot.conversations",
        "bot.demo",
        "bot.model.story.topic",
        "bot.rendering",
        "bot.settings",
        "bot.stemming",
        "bot.store.audience.languages",
    ),
    "bot.updates": ("bot.process", "bot.app", "bot.factory", "bot.commands"),
    "bot.web": ("bot.app", "bot.process", "bot.factory", "bot.updates", "bot.commands"),
}


def test_whoever_imports_something_may() -> None:
    asked = [(source, module, name) for source in BOT for module, name in source.imports]
    assert not [
        f"{source.name}: {module} {name}"
        for source, module, name in asked
        if not may(source.module, module, name)
    ]


def may(user: str, module: str, name: str) -> bool:
    root = module.partition(".")[0]
    if root in sys.stdlib_module_names:
        return True
    if root != "bot":
        return is_one_of(user, LIBRARIES.get(root, ()))
    asked = home(f"{module}.{name}")
    return asked == home(user) or is_one_of(user, PACKAGES.get(asked, ()))


def is_one_of(user: str, names: tuple[str, ...]) -> bool:
    return any(user == name or user.startswith(f"{name}.") for name in names)


def home(module: str) -> str:
    """Return which package or module directly below `bot` a name belongs to; `bot` itself where to none."""
    found = ".".join(module.split(".")[:2])
    return found if found in HOMES else "bot"


HOMES = {".".join(source.module.split(".")[:2]) for source in BOT}


def test_whoever_is_listed_is_there() -> None:
    modules = {source.module for source in BOT}
    listed = {name for names in (*LIBRARIES.values(), *PACKAGES.values()) for name in names}
    assert not sorted(listed - modules)
    assert not sorted(set(PACKAGES) - modules)


def test_what_a_package_lends_it_has_made_itself() -> None:
    """A name that is handed on from another package would lead past the tables above."""
    assert not {each.name: handed for each in BOT if (handed := lent(each) & exported(each))}


def lent(source: Source) -> set[str]:
    """Return the names that a module has from other packages of the bot."""
    return {name for module, name in source.imports if home(module) not in ("bot", home(source.module))}


def exported(source: Source) -> set[str]:
    """Return what a module offers by `__all__`."""
    found: set[str] = set()
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            found |= set(ast.literal_eval(node.value))
    return found


def test_tests_lean_on_no_benchmark_but_those_of_the_bench() -> None:
    others = (source for source in TESTS if "/bench/" not in source.name)
    assert not [each.name for each in others if any(module.startswith("bench") for module, _ in each.imports)]
