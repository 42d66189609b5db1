"""The pages of /settings: what is set, and the values to choose from, as buttons with the state in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from bot.conversations.language import NAMES, own_name
from bot.conversations.reader.topics import following_by_mode
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.model.story.digest import USUAL_SIZE
from bot.model.story.form import CHOOSABLE
from bot.readers import membership, mutes, settings, topics
from bot.rendering.text.zones import local_time

ZONES = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk"),
    *("Asia/Almaty", "Asia/Bishkek", "Asia/Tashkent", "Asia/Novosibirsk", "Asia/Irkutsk"),
    *("Asia/Vladivostok", "Europe/London", "Europe/Berlin", "UTC"),
)
SIZES = (3, USUAL_SIZE, 10)
HOURS = range(24)
PER_ROW = 4
"""Hours in a row: with a mark they can be read on a screen 390 px wide."""

CHANNELS = 10
CHOSEN, UP = "✅", "⬆️"
DEFAULT = "default"
ZONE_HERE = "zone-here"
"""The press that asks for the location."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Settings of one chat, spoken of in a visit. `meant` is its Telegram id where it is not the one spoken in."""

    visit: Visit
    here: Chat
    meant: int = 0

    async def main(self) -> OutgoingMessage:
        """Return what is set, with the way to each setting."""
        visit, here = self.visit, self.here
        now = visit.services.now()
        found = await topics.following(visit.services.db, here.id, now)
        muted = await mutes.listing(visit.services.db, here.id, now)
        style = visit.services.bot.style.chosen(here.form, here.pictures)
        text = visit.say(
            "settings",
            title=here.title if self.meant else "",
            language_name=own_name(here.language),
            news_languages=[own_name(code) for code in here.news_languages],
            instant=here.instant,
            form=visit.label(f"form_{style.form}"),
            pictures=style.pictures,
            digest_at=_clock(here.digest_at),
            quiet=_clock(here.quiet or ()),
            at_night=here.flash_at_night,
            chat_zone=here.zone,
            local=local_time(here.zone, now, visit.language),
            topics=following_by_mode(visit, found),
            muted=[each.what.name(visit.language) for each in muted],
        )
        instant = "instant_on" if here.instant else "instant_off"
        rows: Keyboard = (
            (self._way("look", "form"), self._button(instant, "instant", _switch(here.instant))),
            (self._way("digest_hour", "digest"), self._way("quiet", "quiet")),
            (self._way("language", "language"), self._way("zone", "zone")),
            (self._way("news_languages", "news"),),
            (Button(visit.label("topics"), press=pack("topics", 0, *((self.meant,) if self.meant else ()))),),
        )
        if muted:
            rows = (*rows, (Button(visit.label("muted_list"), press=pack("muted", self.meant, 0)),))
        if self.meant:
            return OutgoingMessage(text, buttons=(*rows, self._back_home()))
        return OutgoingMessage(text, buttons=(*rows, *await self._channels()))

    def language(self) -> OutgoingMessage:
        """Return the languages."""
        rows = tuple(
            (self._marked(name, code == self.here.language, "language", code),)
            for code, name in NAMES.items()
        )
        return self._page(self.visit.label("language"), rows)

    async def news(self) -> OutgoingMessage:
        """Return the languages that news can come in: one, several, or all."""
        here = self.here
        offered = await settings.news_languages(self.visit.services.db, here, tuple(NAMES))
        rows = [
            (self._marked(own_name(code), code in here.news_languages, "news", code),) for code in offered
        ]
        every = self._marked(self.visit.label("every_language"), not here.news_languages, "news", "all")
        return self._page(self.visit.say("choose_news_languages"), [*rows, (every,)])

    def form(self) -> OutgoingMessage:
        """Return the forms in which stories can come, each explained, and whether with pictures."""
        visit, here = self.visit, self.here
        usual = visit.services.bot.style
        rows: list[tuple[Button, ...]] = [
            (self._marked(visit.label(f"form_{form}"), form == here.form, "form", form),)
            for form in CHOOSABLE
        ]
        as_usual = visit.label("form_default", form=visit.label(f"form_{usual.form}"))
        rows.append((self._marked(as_usual, here.form is None, "form", DEFAULT),))
        pictures = usual.chosen(here.form, here.pictures).pictures
        label = "pictures_on" if pictures else "pictures_off"
        rows.append((self._button(label, "pictures", _switch(pictures)),))
        return self._page(visit.say("choose_form", in_group=not here.private and not self.meant), rows)

    def digest(self) -> OutgoingMessage:
        """Return the hours for the digest, how much it tells, and what it does when there is nothing."""
        visit, here = self.visit, self.here
        hours = [self._marked(f"{at:02}:00", time(at) in here.digest_at, "digest", at) for at in HOURS]
        size = here.digest_size or USUAL_SIZE
        rows = [
            *_rows(hours),
            (self._marked(visit.label("no_digest"), not here.digest_at, "digest", "off"),),
            tuple(
                self._marked(visit.label("digest_size", count=each), each == size, "size", each)
                for each in SIZES
            ),
            (
                self._button(
                    "empty_on" if here.digest_empty else "empty_off", "empty", _switch(here.digest_empty)
                ),
            ),
            (self._way("topic_order", "order"),),
        ]
        return self._page(visit.say("choose_digest", digest_at=_clock(here.digest_at)), rows)

    async def order(self) -> OutgoingMessage:
        """Return the chat's topics in its order, each with a button that moves it up."""
        visit = self.visit
        found = await topics.ordered(visit.services.db, self.here.id)
        rows = [
            (
                Button(
                    f"{at}. {topic.name(visit.language)}" + (f"  {UP}" if at > 1 else ""),
                    press=self._press("up", topic.id),
                ),
            )
            for at, topic in enumerate(found, 1)
        ]
        back = (Button(visit.label("back"), press=self._press("digest")),)
        return OutgoingMessage(visit.say("choose_order", empty=not found), buttons=(*rows, back))

    def quiet(self, begins: int | None = None) -> OutgoingMessage:
        """Return the hours at which quiet begins; once that is chosen, those at which it ends."""
        visit, quiet = self.visit, self.here.quiet
        if begins is None:
            hours = [
                self._marked(f"{at:02}:00", bool(quiet and quiet[0] == time(at)), "quiet", at) for at in HOURS
            ]
            rows = [
                *_rows(hours),
                (self._marked(visit.label("no_quiet"), quiet is None, "quiet", "off"),),
            ]
            at_night = self.here.flash_at_night
            if quiet is not None:
                label = "night_on" if at_night else "night_off"
                rows.append((self._button(label, "night", _switch(at_night)),))
            return self._page(
                visit.say("choose_quiet", begins="", quiet=_clock(quiet or ()), at_night=at_night), rows
            )
        ends = [Button(f"{at:02}:00", press=self._press("quiet", begins, at)) for at in HOURS if at != begins]
        return self._page(visit.say("choose_quiet", begins=f"{begins:02}:00", quiet=""), _rows(ends))

    def zone(self) -> OutgoingMessage:
        """Return time zones, those that most readers live in, each with what its clocks show."""
        visit, here = self.visit, self.here
        now = visit.services.now()
        shown = {zone: local_time(zone, now, visit.language) for zone in ZONES}
        zones = [
            self._marked(f"{local.city}, {local.clock}", zone == here.zone, "zone", zone)
            for zone, local in shown.items()
        ]
        local = local_time(here.zone, now, visit.language)
        rows = _rows(zones, 2)
        if here.private:
            rows.append((Button(visit.label("zone_here"), press=ZONE_HERE),))
        return self._page(visit.say("choose_zone", local=local), rows)

    async def _channels(self) -> Keyboard:
        visit = self.visit
        if not self.here.private or visit.user_id is None:
            return ()
        found = await membership.channels_of(
            visit.services.db, visit.services.bot.id, visit.user_id, CHANNELS
        )
        return tuple(
            (Button(f"📢 {each.title}"[:64], press=pack("set", each.telegram_id)),) for each in found
        )

    def _page(self, text: str, rows: Iterable[tuple[Button, ...]]) -> OutgoingMessage:
        back = (Button(self.visit.label("back"), press=self._press()),)
        return OutgoingMessage(text, buttons=(*rows, back))

    def _back_home(self) -> tuple[Button, ...]:
        return (Button(self.visit.label("back"), press=pack("set", 0)),)

    def _press(self, *args: object) -> str:
        return pack("set", self.meant, *args)

    def _way(self, label: str, name: str) -> Button:
        return Button(self.visit.label(label), press=self._press(name))

    def _button(self, label: str, *args: object) -> Button:
        return Button(self.visit.label(label), press=self._press(*args))

    def _marked(self, label: str, chosen: bool, *args: object) -> Button:
        return Button(f"{CHOSEN} {label}" if chosen else label, press=self._press(*args))


def _switch(on: bool) -> str:
    return "off" if on else "on"


def _clock(times: Iterable[time]) -> list[str]:
    return [f"{each:%H:%M}" for each in times]


def _rows(buttons: list[Button], width: int = PER_ROW) -> list[tuple[Button, ...]]:
    return [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]
