"""tgcast: `python -m bench.rivals.tgcast_sender URL COUNT RATE`. Tuned: many workers, hardly a rest."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tgcast import Task, Telecast

from bench.support.cores import pin
from bench.support.news import BUTTONS, FIRST_CHAT, TEXT, TOKEN
from bench.support.stopwatch import Stopwatch

WORKERS = 16


def passed(url: str) -> int:
    with urllib.request.urlopen(f"{url}/bot/counts", data=b"{}") as answer:
        return int(json.loads(answer.read()).get("sendMessage", 0))


def main(url: str, count: int, rate: float) -> dict[str, float]:
    markup = json.dumps({"inline_keyboard": BUTTONS})
    with tempfile.TemporaryDirectory() as folder:
        engine = Telecast(
            TOKEN,
            store_dsn=str(Path(folder) / "tgcast.db"),
            telegram_base_url=url,
            global_rps=rate,
            max_concurrency=WORKERS,
            poll_interval=0.001 if rate > 1000 else 0.5 * WORKERS / rate,
        )
        for number in range(count):
            engine.enqueue(Task(chat_id=FIRST_CHAT + number, text=TEXT, reply_markup=markup))
        watch = Stopwatch()
        engine.start()
        while passed(url) < count:
            time.sleep(0.1)
        found = watch.read(count)
        engine.shutdown()
    return found


if __name__ == "__main__":
    pin()
    logging.disable(logging.CRITICAL)
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
