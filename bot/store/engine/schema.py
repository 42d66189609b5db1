"""What all tables are made of: their registry, how their constraints are named, ids, partial indexes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def only(name: str, *columns: str, where: str) -> Index:
    """Return an index of only those rows of which `where` is true, on either database."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


# SQLite numbers rows by itself only where the key is INTEGER; `sqlite_autoincrement` where a number
# must never serve twice, because deliveries outlive what it named.
Id = BigInteger().with_variant(Integer, "sqlite")
