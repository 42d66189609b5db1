"""The sample stories: read from `sample/stories/`, one file a feed, and set in an agency's form."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parent / "sample"
PICTURES = SAMPLE / "pictures"
AGENCIES = {"ru": "Вестник Долины", "en": "Valley Herald"}


@dataclass(frozen=True)
class Story:
    """A story as its file has it. `correction` is a text in the story, and the text that replaces it."""

    slug: str
    language: str
    city: str
    headline: str
    lead: str
    body: str
    categories: tuple[str, ...] = ()
    picture: str = ""
    caption: str = ""
    credit: str = ""
    correction: tuple[str, str] | None = None

    @cached_property
    def dateline(self) -> str:
        """The place and the agency, as the language's agencies write them before the first paragraph."""
        agency = f"{self.city} ({AGENCIES[self.language]})"
        return f"{agency}." if self.language == "ru" else f"{agency} —"

    def html(self, pictures: str) -> str:
        """Return the body as HTML; `pictures` is the address of the pictures' folder."""
        blocks = [_block(part) for part in self.body.strip().split("\n\n")]
        blocks[0] = blocks[0].replace("<p>", f"<p>{self.dateline} ", 1)
        return "\n".join([*self._figure(pictures), *blocks])

    def _figure(self, pictures: str) -> list[str]:
        if not self.picture:
            return []
        caption = f'{escape(self.caption)} <cite class="credit">{escape(self.credit)}</cite>'
        image = f'<img src="{pictures}/{self.picture}" alt="{escape(self.caption)}" width="960" height="540">'
        return [f"<figure>{image}<figcaption>{caption}</figcaption></figure>"]

    def corrected(self) -> Story:
        """Return the story with its correction made; the same story where it has none."""
        if self.correction is None:
            return self
        find, say = self.correction
        texts = {
            name: getattr(self, name).replace(find, say) for name in ("headline", "lead", "body", "caption")
        }
        return replace(self, correction=None, **texts)


def _block(part: str) -> str:
    """Return a part between empty lines as it is where it is markup, else as a paragraph."""
    return part if part.startswith("<") and not part.startswith("<a ") else f"<p>{part}</p>"


def load_stories(feed: str) -> list[Story]:
    """Return the stories of one feed, in the order in which they go out."""
    language = "en" if feed == "english" else "ru"
    text = (SAMPLE / "stories" / f"{feed}.toml").read_text(encoding="utf-8")
    return [_story(entry, language) for entry in tomllib.loads(text)["story"]]


def _story(entry: dict[str, Any], language: str) -> Story:
    correction = entry.pop("correction", None)
    return Story(
        language=language,
        categories=tuple(entry.pop("categories", ())),
        correction=(correction["find"], correction["say"]) if correction else None,
        **entry,
    )
