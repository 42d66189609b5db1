"""`topic …`, `feed …` and `newsroom export`: topics and feeds, by the same verbs as the chat's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.session import at_the_desk
from bot.desk.newsroom import export as exports
from bot.desk.newsroom import feeds, topics
from bot.model.errors import Refusal, SetupError
from bot.model.newsroom.agency import Agency
from bot.model.newsroom.sources import LANGUAGE, web_address
from bot.model.newsroom.trial import FeedTrial
from bot.model.story.topic import Topic, Topics
from bot.readers.topics import all_topics
from bot.settings import DEFAULT_NEWSROOM, Settings, load_settings
from bot.sources.newsroom.entries import NO_FILE
from bot.sources.newsroom.file import load_newsroom
from bot.sources.newsroom.trial import FeedTrials
from bot.store.engine.database import Database
from bot.store.engine.database_file import make_file


def topic(verb: str, slug: str, names: Sequence[str], *, other: str = "") -> int:
    """Do a verb with the topic of that slug, and print how it stands then.

    `names` are `LANGUAGE=NAME`; `other` is the topic above for `add`, and the topic to become part of for `merge`.
    """

    async def work(db: Database) -> int:
        at = datetime.now(UTC)
        known = await all_topics(db)
        match verb:
            case "list":
                for each in known.all:
                    print(_topic_line(each, known))
                return 0
            case "add":
                parent = _meant(known, other).id if other else None
                made = await topics.add(db, _named(names), at=at, by=None, slug=slug, parent_id=parent)
            case "rename":
                made = await topics.rename(db, _meant(known, slug).id, _named(names), at=at, by=None)
            case "merge":
                source, target = _meant(known, slug), _meant(known, other)
                made = await topics.merge(db, source.id, target.id, at=at, by=None)
            case "pause":
                made = await topics.pause(db, _meant(known, slug).id, at=at, by=None)
            case _:
                made = await topics.resume(db, _meant(known, slug).id, at=at, by=None)
        print(_topic_line(made, await all_topics(db)))
        return 0

    return at_the_desk(load_settings(), work, begins=verb == "add")


def feed(verb: str, words: str, *, choices: Sequence[str] = (), publish: str = "", name: str = "") -> int:
    """Do a verb with a feed, named by its number, address or name, and print how it stands then.

    `choices` are slugs of topics, for `add` and `topics`; `publish` is auto or draft.
    """
    settings = load_settings()

    async def work(db: Database) -> int:
        at = datetime.now(UTC)
        match verb:
            case "list":
                for each in await feeds.listing(db, at):
                    print(_feed_line(each))
                return 0
            case "test":
                return await _test(db, settings, words)
            case "add":
                made = await feeds.add(
                    db, words, at=at, by=None, publish=publish or "auto", name=name, topics_of=choices
                )
                print(_feed_line(await feeds.find(db, made.id, at)))
                return 0
        found = (await feeds.by_words(db, words, at)).feed
        match verb:
            case "rename":
                await feeds.rename(db, found.id, name, at=at, by=None)
            case "topics":
                await feeds.choose_topics(db, found.id, choices, at=at, by=None)
            case "publish" | "draft":
                chosen = "auto" if verb == "publish" else "draft"
                await feeds.choose_publish(db, found.id, chosen, at=at, by=None)
            case "pause":
                await feeds.pause(db, found.id, at=at, by=None)
            case "resume":
                await feeds.resume(db, found.id, at=at, by=None)
            case _:
                await feeds.remove(db, found.id, at=at, by=None)
                print(f"removed: {found.name} {found.url}")
                return 0
        print(_feed_line(await feeds.find(db, found.id, at)))
        return 0

    return at_the_desk(settings, work, begins=verb in ("add", "test"))


def export(file: Path | None) -> int:
    """Print `newsroom.toml` with the topics and feeds as they are now; or write it, which may be over the old one."""
    settings = load_settings()

    async def work(db: Database) -> int:
        text = await exports.newsroom_file(db, _agency(settings), datetime.now(UTC))
        if file is None:
            print(text, end="")
            return 0
        _write(file, text)
        print(f"written: {file}")
        return 0

    return at_the_desk(settings, work)


def _write(file: Path, text: str) -> None:
    """Write the file whole. A feed's address may hold a password: others get no rights on the file."""
    half = file.with_name(f"{file.name}.part")
    try:
        half.unlink(missing_ok=True)
        make_file(half, file.stat().st_mode & 0o770 if file.exists() else 0o640)
        half.write_text(text, encoding="utf-8")
        half.replace(file)
    except OSError as error:
        raise SetupError(f"{file}: can't be written ({error.strerror})") from None


async def _test(db: Database, settings: Settings, words: str) -> int:
    trial = await FeedTrials(db, allow_private=settings.allow_private_feeds).look(web_address(words))
    known = await all_topics(db)
    if trial.fault:
        print(f"{trial.url}: {trial.fault}{': ' if trial.detail else ''}{trial.detail}")
        return 1
    for line in _told(trial, known):
        print(line)
    return 0


def _told(trial: FeedTrial, known: Topics) -> list[str]:
    lines = [f"{trial.url}: {trial.count} stories"]
    for each in trial.items:
        day = f"{each.published:%Y-%m-%d %H:%M}" if each.published else "no date"
        named = ", ".join(known.names(each.topics, "en")) or "no topic"
        lines.append(f"  {day}  {each.language or '?'}  {named}  {each.headline}")
    if trial.untopical:
        lines.append(f"{trial.untopical} have no topic: only those who follow all the news would get them")
    if trial.lost:
        lines.append(f"{trial.lost} can't be read and would be left out")
    return lines


def _topic_line(topic: Topic, known: Topics) -> str:
    names = ", ".join(f"{language}: {name}" for language, name in topic.names.items())
    return f"{known.path(topic.id)}  {names}{'  (paused)' if topic.paused else ''}"


def _feed_line(state: feeds.FeedState) -> str:
    feed = state.feed
    said = [f"{feed.id:>4}", feed.name, feed.url, feed.publish, " ".join(feed.topics) or "-"]
    if feed.paused_at:
        said.append("(paused)")
    if feed.last_error:
        said.append(f"({feed.failures} failures: {feed.last_error})")
    if state.held:
        said.append(f"({state.held} edits held)")
    return "  ".join(said)


def _meant(known: Topics, words: str) -> Topic:
    found = known.find(words)
    if found is None:
        raise Refusal("no-topic")
    return found


def _named(names: Sequence[str]) -> dict[str, str]:
    found = {}
    for each in names:
        language, equals, name = each.partition("=")
        if not equals or not LANGUAGE.fullmatch(language.strip()) or not name.strip():
            raise Refusal("no-topic-name")
        found[language.strip()] = " ".join(name.split())
    if not found:
        raise Refusal("no-topic-name")
    return found


def _agency(settings: Settings) -> Agency:
    path: Path = settings.newsroom_file
    missing = path == DEFAULT_NEWSROOM and not path.exists()
    newsroom = NO_FILE if missing else load_newsroom(path, settings.language)
    return newsroom.agency
