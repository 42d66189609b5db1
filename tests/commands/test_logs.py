import logging
from pathlib import Path

import pytest

from bot.commands.logs import redact, set_up
from bot.model.errors import SetupError

TOKEN = "123456789:" + "AbC-_" * 7


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (f"POST http://127.0.0.1/bot{TOKEN}/sendMessage", "POST http://127.0.0.1/bot<token>/sendMessage"),
        ("postgresql://anna:secret@host/db", "postgresql://anna:…@host/db"),
        ("12:30 nothing to hide: 5", "12:30 nothing to hide: 5"),
    ],
)
def test_secrets_are_blotted_out(line: str, written: str) -> None:
    assert redact(line) == written


def test_a_traceback_in_the_log_file_holds_no_token(tmp_path: Path) -> None:
    file = tmp_path / "logs" / "vestnik.log"
    before = logging.getLogger().handlers[:]
    set_up("INFO", file)
    try:
        try:
            raise RuntimeError(f"could not reach /bot{TOKEN}/getMe")
        except RuntimeError:
            logging.getLogger("test").exception("it failed")
    finally:
        for handler in logging.getLogger().handlers[:]:
            handler.close()
        logging.basicConfig(handlers=before, force=True)
    written = file.read_text(encoding="utf-8")
    assert "could not reach /bot<token>/getMe" in written
    assert TOKEN not in written


def test_a_log_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="LOG_FILE"):
        set_up("INFO", tmp_path / "file" / "x.log")
