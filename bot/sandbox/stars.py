"""What paid broadcasts cost: a tenth of a Star for each message above the free thirty of a second."""

from __future__ import annotations

from dataclasses import dataclass

FREE_A_SECOND = 30


@dataclass(slots=True)
class Stars:
    """A bot's balance, in tenths of a Star."""

    tenths: int = 0
    second: int = 0
    in_second: int = 0

    def charge(self, now: float) -> None:
        """Count a paid message that was taken."""
        if int(now) != self.second:
            self.second, self.in_second = int(now), 0
        self.in_second += 1
        if self.in_second > FREE_A_SECOND:
            self.tenths -= 1
