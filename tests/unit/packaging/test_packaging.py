"""Image, compose files and unit agree with each other and with the settings; what is secret stays outside."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.operations.roles.process_role import ALL, ProcessRole, read_roles
from bot.settings import Settings
from tests.support.image.dockerfile import DOCKERFILE, Stage, context, read, sent_to_the_builder
from tests.support.paths import ROOT

COMPOSE = ROOT / "packaging" / "compose"
UNIT = ROOT / "packaging" / "systemd" / "vestnik.service"
SETTINGS = {name.upper() for name in Settings.model_fields}
NAMES = SETTINGS | {f"{name}_FILE" for name in SETTINGS}
OTHERS = {"PATH", "LD_LIBRARY_PATH", "LANG", "HOME", "MPLCONFIGDIR", "PYTHONDONTWRITEBYTECODE"}
"""What programs other than Vestnik read from the environment."""


@pytest.fixture
def stages() -> list[Stage]:
    return read(DOCKERFILE.read_text(encoding="utf-8"))


def compose(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load((COMPOSE / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def unit() -> dict[str, dict[str, list[str]]]:
    """The unit's sections; a key may stand in several lines."""
    found: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section.setdefault(key, []).append(value)
    return found


def pinned(path: Path) -> set[str]:
    return set(re.findall(r"^([\w.-]+==[^ ;]+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_whatever_the_image_sets_is_a_setting(stages: list[Stage]) -> None:
    assert set(stages[-1].environment) - OTHERS <= NAMES


def test_whatever_a_compose_file_sets_for_the_bot_is_a_setting() -> None:
    for name in ("compose", "postgres"):
        assert set(compose(name)["services"]["bot"]["environment"]) <= NAMES


def test_the_example_with_roles_has_each_role_and_gives_none_away_twice() -> None:
    added, base, postgres = (compose(name) for name in ("roles", "compose", "postgres"))
    roles = []
    for name, service in added["services"].items():
        run, option, words = service["command"]
        assert (run, option) == ("run", "--role")
        mine = read_roles(words)
        assert ProcessRole.WEB in mine, "each service is asked for its health and its figures"
        roles += [each for each in mine if each is not ProcessRole.WEB]
        if name in base["services"]:
            continue
        # What postgres.yaml gives the first service, the others have by themselves.
        assert service["extends"] == {"file": "compose.yaml", "service": "bot"}
        given = postgres["services"]["bot"]
        assert {key: service[key] for key in ("environment", "depends_on")} == {
            key: given[key] for key in ("environment", "depends_on")
        }
        assert {*service["secrets"]} == {*base["services"]["bot"]["secrets"], *given["secrets"]}
    assert sorted(roles) == sorted(ALL - {ProcessRole.WEB})


def test_whatever_the_unit_sets_is_a_setting() -> None:
    pairs = [pair for line in unit()["Service"]["Environment"] for pair in line.split()]
    assert {pair.partition("=")[0] for pair in pairs} - OTHERS <= NAMES


def test_the_image_runs_as_nobody_in_particular(stages: list[Stage]) -> None:
    final = stages[-1]
    user, _, group = final.last("USER").rest.partition(":")
    assert user.isdecimal()
    assert group.isdecimal()
    assert "0" not in (user, group)
    assert [each.rest for each in final.instructions if each.word == "VOLUME"] == ["/data"]
    assert final.environment["DATABASE_URL"] == "sqlite:////data/vestnik.db"
    assert final.last("WORKDIR").rest == "/data"


def test_all_stages_stand_on_one_slim_base(stages: list[Stage]) -> None:
    bases = {stage.base for stage in stages}
    assert len(bases) == 1
    python = re.fullmatch(r"python:(3\.\d+)-slim-\w+", bases.pop())
    assert python
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    low, high = re.findall(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', project)[0]
    assert int(low) <= int(python[1].split(".")[1]) < int(high)


def test_nothing_of_the_image_is_made_for_one_processor(stages: list[Stage]) -> None:
    text = DOCKERFILE.read_text(encoding="utf-8") + (ROOT / "packaging/image/sqlite.py").read_text(
        encoding="utf-8"
    )
    assert not re.search(r"x86_64|amd64|aarch64|arm64|-march", text)


def test_whatever_the_image_installs_is_pinned(stages: list[Stage]) -> None:
    for stage in stages:
        for each in stage.instructions:
            for command in re.findall(r"pip install [^&]*", each.rest):
                assert "--require-hashes" in command or "--no-index" in command, command


def test_the_builders_lock_has_what_the_tests_have() -> None:
    assert pinned(ROOT / "packaging/image/build.lock") <= pinned(ROOT / "requirements-test.lock")


HIDDEN = (
    *(".env", "newsroom.toml", "data/vestnik.db", ".git/config", ".venv/bin/python", "tests/conftest.py"),
    *("bot/x.pyc", "bot/__pycache__/x.py", "packaging/compose/secrets/bot-token", "docs/decisions.md"),
)


@pytest.mark.parametrize("path", HIDDEN)
def test_no_secret_and_nothing_needless_gets_to_the_builder(path: str) -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert not sent_to_the_builder(ignored, path)


def test_whatever_the_dockerfile_copies_gets_to_the_builder(stages: list[Stage]) -> None:
    sent = context(ROOT)
    for stage in stages:
        for each in stage.instructions:
            if each.word == "COPY" and not each.rest.startswith("--from"):
                for source in each.words[:-1]:
                    assert any(name == source or name.startswith(f"{source}/") for name in sent), source


def test_every_secret_of_a_compose_file_is_a_file_outside_git() -> None:
    for path in COMPOSE.glob("*.yaml"):
        loaded = compose(path.stem)
        known = {name for each in COMPOSE.glob("*.yaml") for name in compose(each.stem)["secrets"]}
        for service in loaded["services"].values():
            assert set(service.get("secrets", ())) <= known
            for name, value in service.get("environment", {}).items():
                if name.endswith("_FILE") and str(value).startswith("/run/secrets/"):
                    assert str(value).removeprefix("/run/secrets/") in service["secrets"]
        for name, secret in loaded["secrets"].items():
            assert secret == {"file": f"secrets/{name}"}
    asked = ("git", "check-ignore", "--quiet", "packaging/compose/secrets/bot-token")
    if shutil.which("git") and (ROOT / ".git").exists():
        assert subprocess.run(asked, cwd=ROOT, check=False).returncode == 0


def test_the_container_can_do_little() -> None:
    bot = compose("compose")["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert bot["volumes"] == ["data:/data"]
    assert "ports" not in bot
    assert bot["build"] == {"context": "../..", "dockerfile": "packaging/image/Dockerfile"}


def test_what_listens_on_the_machine_is_for_the_machine_alone() -> None:
    for path in COMPOSE.glob("*.yaml"):
        for service in compose(path.stem)["services"].values():
            assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_images_of_others_have_a_version() -> None:
    for path in COMPOSE.glob("*.yaml"):
        for service in compose(path.stem)["services"].values():
            if "build" not in service and "image" in service:
                assert re.fullmatch(r"[\w/.-]+:v?\d[\w.-]*", service["image"])


def test_the_unit_can_be_read_as_what_it_is() -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT.read_text(encoding="utf-8"))
    assert parser.sections() == ["Unit", "Service", "Install"]
    service = unit()["Service"]
    assert service["ExecStart"] == ["/opt/vestnik/bin/vestnik run"]
    for hardened in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "DynamicUser", "ProtectHome"):
        assert service[hardened] == ["yes"], hardened
    assert service["ProtectSystem"] == ["strict"]
    assert service["CapabilityBoundingSet"] == [""]


def test_a_wrong_setting_does_not_start_the_unit_again() -> None:
    from bot.__main__ import EXIT_SETUP

    assert unit()["Service"]["RestartPreventExitStatus"] == [str(EXIT_SETUP)]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """With a program that is there, because systemd asks for one."""
    text = UNIT.read_text(encoding="utf-8").replace("/opt/vestnik/bin/vestnik", "/bin/true")
    (tmp_path / "vestnik.service").write_text(text, encoding="utf-8")
    verified = subprocess.run(
        ("systemd-analyze", "verify", "--man=no", str(tmp_path / "vestnik.service")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_finds_little_that_is_open(tmp_path: Path) -> None:
    """Below 2 of 10; systemd itself begins to frown at 5."""
    said = subprocess.run(
        ("systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(UNIT)),
        capture_output=True,
        text=True,
        check=False,
    )
    if "Unknown option" in said.stderr or "unrecognized option" in said.stderr:
        pytest.skip("this systemd can't judge a unit that is not installed")
    assert said.returncode == 0, said.stdout[-300:]
