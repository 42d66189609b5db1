import json
import logging
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.logs import TRACEBACK_LONGEST, set_up
from bot.log import Event, Outage, redact
from bot.model.errors import SetupError

TOKEN = "123456789:" + "AbC-_" * 7
FORMATS = ("text", "json")
log = logging.getLogger("test")


@pytest.fixture(autouse=True)
def _logging_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    before = logging.getLogger().handlers[:]
    yield
    logging.captureWarnings(False)
    for handler in logging.getLogger().handlers[:]:
        handler.close()
    logging.basicConfig(handlers=before, force=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "vestnik.log"


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (f"POST http://127.0.0.1/bot{TOKEN}/sendMessage", "POST http://127.0.0.1/bot<token>/sendMessage"),
        (f"/bot{TOKEN.replace(':', '%3A')}/getMe", "/bot<token>/getMe"),
        ("postgresql://anna:secret@host/db", "postgresql://anna:…@host/db"),
        ("12:30 nothing to hide: 5", "12:30 nothing to hide: 5"),
    ],
)
def test_secrets_are_blotted_out(line: str, written: str) -> None:
    assert redact(line) == written


def test_an_event_as_text(file: Path) -> None:
    set_up("INFO", file, "text")
    log.info(Event("story.published", article=42, revision=1, by="feed"))
    [line] = lines(file)
    assert line[19:] == " INFO story.published article=42 revision=1 by=feed"
    assert line[10] == " "
    assert file.stat().st_mode & 0o037 == 0, "only its owner writes it, and others do not read it"


def test_an_event_as_json(file: Path) -> None:
    set_up("INFO", file, "json")
    log.warning(Event("delivery.failed", article=42, final=True, seconds=1.5, reason="chat not found"))
    [line] = lines(file)
    written = json.loads(line)
    assert written.pop("time").endswith("+00:00")
    assert written == {
        "level": "WARNING",
        "logger": "test",
        "event": "delivery.failed",
        "article": 42,
        "final": True,
        "seconds": 1.5,
        "reason": "chat not found",
    }


def test_a_librarys_line_takes_the_same_way(file: Path) -> None:
    set_up("INFO", file, "text")
    logging.getLogger("aiogram.dispatcher").error("Failed to fetch updates - %s", "timeout")
    assert lines(file)[0].endswith(" ERROR aiogram.dispatcher: Failed to fetch updates - timeout")
    set_up("INFO", file, "json")
    logging.getLogger("aiogram.dispatcher").error("Failed to fetch updates - %s", "timeout")
    written = json.loads(lines(file)[1])
    assert (written["event"], written["logger"]) == ("message", "aiogram.dispatcher")
    assert written["message"] == "Failed to fetch updates - timeout"


@pytest.mark.parametrize("form", FORMATS)
def test_a_warning_of_python_takes_the_same_way(file: Path, form: str) -> None:
    set_up("INFO", file, form)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("this goes away", DeprecationWarning, stacklevel=1)
    assert "this goes away" in lines(file)[0]


@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_reaches_a_log(file: Path, form: str) -> None:
    set_up("INFO", file, form)
    log.info("POST http://127.0.0.1:8081/bot%s/sendMessage", TOKEN)
    log.info(Event("update.unreadable", text=f"is {TOKEN} yours?", url=f"https://host/bot{TOKEN}/getMe"))
    try:
        raise RuntimeError(f"could not reach /bot{TOKEN}/getMe")
    except RuntimeError as error:
        log.exception(Event("it.failed", error=error))
        sys.excepthook(type(error), error, error.__traceback__)
    written = file.read_text(encoding="utf-8")
    assert "AbC-_" not in written
    assert written.count("<token>") == 6
    assert "bot.crashed" in written


@pytest.mark.parametrize("form", FORMATS)
def test_a_strangers_text_makes_no_line_of_its_own(file: Path, form: str) -> None:
    forged = "x\r\n2026-11-26 12:00:00 INFO story.published article=1\x1b[2J"
    set_up("INFO", file, form)
    log.info(Event("feed.failed", reason=forged))
    log.info("%s", forged)
    try:
        raise RuntimeError(forged)
    except RuntimeError:
        log.exception(Event("it.failed"))
    written = lines(file)
    assert not any(line.startswith("2026-11-26 12:00:00 INFO story.published") for line in written)
    assert all(line.isprintable() for line in written)
    if form == "json":
        assert [json.loads(line)["event"] for line in written] == ["feed.failed", "message", "it.failed"]
        assert json.loads(written[0])["reason"] == forged


@pytest.mark.parametrize("form", FORMATS)
def test_a_strangers_text_does_not_flood_the_log(file: Path, form: str) -> None:
    set_up("INFO", file, form)
    log.info(Event("feed.failed", reason="x" * 100_000))
    log.info("y" * 100_000)
    try:
        raise RuntimeError("z" * 100_000 + " the end")
    except RuntimeError:
        log.exception(Event("it.failed"))
    written = file.read_text(encoding="utf-8")
    assert len(written) < 2 * 2_200 + TRACEBACK_LONGEST + 300
    assert "the end" in written


def test_a_traceback_as_text_is_indented_and_as_json_a_field(file: Path) -> None:
    for form in FORMATS:
        set_up("INFO", file, form)
        try:
            raise RuntimeError("no")
        except RuntimeError:
            log.exception(Event("it.failed", chat=7))
    first, *rest, last = lines(file)
    assert first.endswith(" ERROR it.failed chat=7")
    assert rest[0] == "    Traceback (most recent call last):"
    assert rest[-1] == "    RuntimeError: no"
    assert all(line.startswith("    ") for line in rest)
    written = json.loads(last)
    assert written["chat"] == 7
    assert written["traceback"].splitlines()[-1] == "RuntimeError: no"


def test_a_log_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="LOG_FILE"):
        set_up("INFO", tmp_path / "file" / "x.log")


def test_an_outage_is_a_line_a_minute_and_everything_else_is_written(file: Path) -> None:
    set_up("INFO", file)
    for number in range(64):
        log.error(Outage("updates.failed", update=number, reason="database or disk is full"))
        log.error(Event("delivery.failed", chat=number, reason="database or disk is full"))
    log.error(Outage("updates.failed", update=64, reason="database is locked"))
    later = logging.LogRecord(
        "test",
        logging.ERROR,
        "",
        0,
        Outage("updates.failed", update=65, reason="database is locked"),
        (),
        None,
    )
    later.created += 61
    log.handle(later)
    written = [line.split(" ERROR ")[1] for line in lines(file)]
    assert len([line for line in written if "delivery.failed" in line]) == 64
    assert [line for line in written if "updates.failed" in line] == [
        'updates.failed update=0 reason="database or disk is full"',
        'updates.failed update=64 reason="database is locked"',
        'updates.failed update=65 reason="database is locked"',
    ]
