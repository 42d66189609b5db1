"""Whether SQLite's index of full text fits its entries, and the filling of it anew."""

from __future__ import annotations

from sqlalchemy import select, text

from bot.store.engine.database import Transaction
from bot.store.newsroom.search.stems import Stems
from bot.store.tables.search import search_entry

AT_ONCE = 200


async def out_of_step(tx: Transaction) -> bool:
    """Return whether the index holds stories without an entry, or lacks some. PostgreSQL's refers to its entries."""
    if tx.dialect.name != "sqlite":
        return False
    # What FTS5 knows of each document (sqlite.org/fts5.html, "External Content and Contentless Tables").
    strange = "SELECT 1 FROM search_text_docsize WHERE id NOT IN (SELECT place FROM search_entry) LIMIT 1"
    missing = "SELECT 1 FROM search_entry WHERE place NOT IN (SELECT id FROM search_text_docsize) LIMIT 1"
    return any([(await tx.execute(text(asked))).first() for asked in (strange, missing)])


async def refill(tx: Transaction) -> None:
    """Empty SQLite's index, and fill it with the stems that the entries keep."""
    await tx.execute(text("INSERT INTO search_text (search_text) VALUES ('delete-all')"))
    last = -1
    entries = select(search_entry.c.place, search_entry.c.stems).where(search_entry.c.stems.is_not(None))
    entries = entries.order_by(search_entry.c.place).limit(AT_ONCE)
    add = text(
        "INSERT INTO search_text (rowid, headline, lead, body) VALUES (:place, :headline, :lead, :body)"
    )
    while some := (await tx.execute(entries.where(search_entry.c.place > last))).all():
        await tx.execute(add, [{"place": place, **Stems.unpack(stems).columns()} for place, stems in some])
        last = some[-1].place
