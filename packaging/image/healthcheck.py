"""Ends with 0 where the bot in this container says that it lives, else with 1 and what it said.

Asked is `/livez`, not `/readyz`: a new start helps a process whose loops have ended, and nobody while Telegram is away.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request

SECONDS = 8


def main() -> int:
    """Ask the bot's own address."""
    port = os.environ.get("WEB_PORT") or "0"
    if port == "0":
        print("WEB_PORT is 0: nobody can be asked")
        return 1
    # A proxy of the environment is for what is outside.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/livez", timeout=SECONDS) as answer:
            print(answer.read(2000).decode("utf-8", "replace"))
            return 0
    except urllib.error.HTTPError as error:
        print(error.read(2000).decode("utf-8", "replace"))
    except OSError as error:
        print(f"no answer: {error}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
