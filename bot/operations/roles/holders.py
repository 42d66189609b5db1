"""Which process has each of the roles that one process at a time may have, as the leases tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.operations.roles.process_role import ALONE, ProcessRole, seat_of
from bot.store.operations.leases import Held


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A role, the process that has it (empty: none has), and until when its lease holds without a renewal."""

    role: ProcessRole
    owner: str = ""
    until: datetime | None = None


def holders(held: Mapping[str, Held], bot_id: int, now: datetime) -> list[RoleHolder]:
    """Return who has each role of a bot, by the leases that were taken last; a lease that is over is nobody's."""
    found = []
    for role in ProcessRole:
        if role in ALONE:
            lease = held.get(seat_of(role, bot_id).lease_name)
            valid = lease is not None and lease.until > now
            found.append(RoleHolder(role, lease.owner, lease.until) if lease and valid else RoleHolder(role))
    return found
