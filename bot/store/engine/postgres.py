"""How a PostgreSQL server is opened: a pool of connections that take any text."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

IDLE_MS = 4_000
"""After how long the server ends a transaction whose process says nothing. A process that is frozen or cut off in the
midst of one would else hold its rows for good, and whoever takes over would wait for them (Settings of Client
Connection Defaults, idle_in_transaction_session_timeout). Less than a lease lasts."""


def open_engine(url: URL, **options: Any) -> AsyncEngine:
    """Return an engine on a server; nothing is connected yet.

    PostgreSQL's texts hold no NUL (postgresql.org/docs/current/datatype-character.html), but people's names
    and a feed's words may: the character is left out.
    """
    engine = create_async_engine(
        url,
        connect_args={
            "connection_class": _Connection,
            "server_settings": {"idle_in_transaction_session_timeout": str(IDLE_MS)},
        },
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        **options,
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    return engine


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """asyncpg's connection. Where its caller is cancelled while it is set up, it ends: nobody else would end it."""

    async def set_type_codec(self, *args: Any, **options: Any) -> None:
        """Tell how a type is written and read: all that is to be set up."""
        try:
            await super().set_type_codec(*args, **options)
        except BaseException:
            self.terminate()
            raise


def _prepare(connection: Any, _record: Any) -> None:
    connection.run_async(_leave_nul_out)


async def _leave_nul_out(connection: Any) -> None:
    for name in ("text", "varchar"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=_without_nul, decoder=str, format="text"
        )


def _without_nul(text: str) -> str:
    return text.replace("\0", "")
