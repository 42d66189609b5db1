"""Vestnik: a news agency's herald in Telegram.

An article's way, each step committing rows that the next one reads:

1. `sources`     news comes in (feeds, agency copy, JSON) and is kept as an article with revisions;
2. `desk`        an editor, or a trusted feed's schedule, publishes it: a bulletin;
3. `matching`    bulletin and subscriptions make deliveries, one per chat and article;
4. `outbox`      the courier makes what each chat is shown equal to what it is wanted to be shown;
5. `telegram`    says so to the Bot API, at the pace that Telegram allows.

`readers` and `desk` hold what people can ask for, `conversations` the dialogues in which they ask,
`rendering` how it reads, `store` all SQL, `model` the words and rules. `docs/architecture.md` walks
one article through all of it.
"""

__version__ = "0.1.0"
