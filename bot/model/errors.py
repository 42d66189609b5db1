"""What can be refused, and what a delivery can meet. A template words each refusal for people."""

from __future__ import annotations

from typing import Any


class VestnikError(Exception):
    """Whatever Vestnik itself raises on purpose."""


class Refusal(VestnikError):
    """A verb that can't be done now. `code` picks the wording in `templates/talk/refusal.j2`."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Keep the code and the facts that its wording may use."""
        super().__init__(code)
        self.code = code
        self.facts = facts


class SetupError(VestnikError):
    """Something that the operator must mend before a start: one clear sentence."""


class MediaError(VestnikError):
    """A picture that can't be had, or can't be shown. `reason` is a short slug for counters and lists.

    `elsewhere` is set where only the way there was barred: Telegram itself may still get it by its address.
    """

    def __init__(self, reason: str, *, elsewhere: bool = False) -> None:
        """Keep the reason and whether another can have it."""
        super().__init__(reason)
        self.reason = reason
        self.elsewhere = elsewhere


class DeliveryError(VestnikError):
    """A call that Telegram did not take. `reason` is a short slug for counters and lists."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason's slug and Telegram's own words."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class ChatGone(DeliveryError):
    """The chat can't be written to until it comes back by itself (blocked, kicked, no rights …).

    `forever` is set where it never will (a deleted account or group).
    """

    def __init__(self, reason: str, detail: str = "", *, forever: bool = False) -> None:
        """Keep the reason and whether the chat can ever come back."""
        super().__init__(reason, detail)
        self.forever = forever


class ChatMoved(DeliveryError):
    """A group became a supergroup: its history goes on under `new_id`."""

    def __init__(self, new_id: int) -> None:
        """Keep the new chat id."""
        super().__init__("moved", str(new_id))
        self.new_id = new_id


class ThreadGone(DeliveryError):
    """The thread is `closed`, or deleted; the chat itself is fine. `thread_id` is which; None: General."""

    def __init__(self, reason: str, detail: str = "", *, closed: bool = False) -> None:
        """Keep the reason and whether the thread is still there."""
        super().__init__(reason, detail)
        self.closed = closed
        self.thread_id: int | None = None


class Flood(DeliveryError):
    """429: wait `retry_after` seconds. Never counts as a failure."""

    def __init__(self, retry_after: float) -> None:
        """Keep the wait that Telegram asks for, in seconds."""
        super().__init__("flood", f"{retry_after:g} s")
        self.retry_after = retry_after


class ChatBusy(Flood):
    """The chat has had what it may take for now: `retry_after` is how long our own pace lets it wait."""

    def __init__(self, retry_after: float) -> None:
        """Keep the wait, in seconds."""
        super().__init__(retry_after)
        self.reason = "pace"


class OurFault(DeliveryError):
    """Telegram refuses the content itself: the same for every chat, so the article stops."""


class PictureRefused(OurFault):
    """Telegram can't have some pictures, or other media; the story goes out without them.

    `pictures` are their URLs or Telegram's ids, none where it is not known which. `place` is the number, from
    0, of the one that Telegram named in an album. `by_address` says that Telegram could not fetch it.
    """

    def __init__(
        self,
        reason: str,
        detail: str = "",
        pictures: tuple[str, ...] = (),
        *,
        place: int | None = None,
        by_address: bool = False,
    ) -> None:
        """Keep the reason and which pictures it is about."""
        super().__init__(reason, detail)
        self.pictures = pictures
        self.place = place
        self.by_address = by_address


class RichRefused(OurFault):
    """Telegram does not take the story as a rich message; the classic form goes out in its place."""


class MessageGone(DeliveryError):
    """The message to edit or delete is not there; or, where it is `fixed`, can't be changed any more."""

    def __init__(self, reason: str, detail: str = "", *, fixed: bool = False) -> None:
        """Keep the reason and whether the message still stands."""
        super().__init__(reason, detail)
        self.fixed = fixed


class MediaForbidden(DeliveryError):
    """The group lets the bot send text alone."""


class Moderated(DeliveryError):
    """Telegram took the message and deleted it at once: sent again, it would fare no better."""


class PaymentRefused(DeliveryError):
    """Telegram does not take a paid broadcast from this bot now; an unpaid one it may."""


class NotWithdrawn(DeliveryError):
    """A message of a killed story stands, and can neither be deleted nor changed."""


class Unreachable(DeliveryError):
    """Network or server failure. `ambiguous` when the call may have taken effect all the same."""

    def __init__(self, reason: str, detail: str = "", *, ambiguous: bool) -> None:
        """Keep the reason and whether the outcome is unknown."""
        super().__init__(reason, detail)
        self.ambiguous = ambiguous


class TokenRefused(DeliveryError):
    """401: the bot's token was revoked; nothing more can be sent."""
