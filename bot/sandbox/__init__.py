"""A local Bot API server with the people, chats and phones around it, in place of Telegram.

It is as strict as Telegram where a bot would notice, keeps everything in memory, and can be told to
misbehave. `docs/sandbox.md` describes its HTTP interface. It imports nothing else of this project.
"""

from bot.sandbox.calls.answers import Impossible
from bot.sandbox.calls.limits import Limits
from bot.sandbox.sandbox import PortBusy, Sandbox

__all__ = ["Impossible", "Limits", "PortBusy", "Sandbox"]
