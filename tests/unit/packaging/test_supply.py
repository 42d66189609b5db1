"""What the commands of `packaging/supply` say: what the bot is made of, what is known against it, where secrets are."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT
from tests.support.servers.ports import closed_port

SUPPLY = ROOT / "packaging" / "supply"
INVENTED = "70070070" + ":" + "AbC9dEf8GhI7jKl6MnO5pQr4StU3vWx2YzA"
"""Put together here, so that nobody finds it in this file."""


def ran(script: str, *words: str, folder: Path = ROOT) -> tuple[int, str]:
    command = (sys.executable, str(folder / "packaging" / "supply" / f"{script}.py"), *words)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def bom(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("bom") / "below" / "vestnik.cdx.json"
    code, said = ran("sbom", "--image", str(path))
    assert code == 0, said
    loaded = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_the_bom_names_whatever_is_pinned(bom: dict[str, Any]) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {
        f"{name.lower()}@{version}" for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.M)
    }
    named = {each["purl"].removeprefix("pkg:pypi/") for each in bom["components"] if "pypi" in each["purl"]}
    assert named == pinned
    assert [each["version"] for each in bom["components"] if each["name"] == "sqlite"] == ["3.53.4"]


def test_the_bom_holds_every_hash_of_the_lock(bom: dict[str, Any]) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    hashes = [
        each["content"]
        for one in bom["components"]
        for reference in one.get("externalReferences", ())
        for each in reference["hashes"]
    ]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))


def test_the_bom_says_who_needs_whom(bom: dict[str, Any]) -> None:
    known = {each["bom-ref"] for each in bom["components"]} | {bom["metadata"]["component"]["bom-ref"]}
    graph = {each["ref"]: each["dependsOn"] for each in bom["dependencies"]}
    assert {ref for refs in graph.values() for ref in refs} <= known
    needed = {ref for refs in graph.values() for ref in refs}
    assert known - needed == {bom["metadata"]["component"]["bom-ref"]}


def test_the_same_lock_gives_the_same_bom(bom: dict[str, Any], tmp_path: Path) -> None:
    ran("sbom", "--image", str(tmp_path / "again.json"))
    assert json.loads((tmp_path / "again.json").read_text(encoding="utf-8")) == bom


def test_an_audit_that_reaches_nobody_says_so() -> None:
    with closed_port() as port:
        code, said = ran("audit", "--at", f"http://127.0.0.1:{port}")
    assert code == 3
    assert said.startswith("NOT AUDITED: ")
    assert "says nothing about the dependencies" in said


class Osv(BaseHTTPRequestHandler):
    """Knows something against one package."""

    against = ""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        found = [each["package"]["purl"] == f"pkg:pypi/{self.against}" for each in asked]
        self._say({"results": [{"vulns": [{"id": "OSV-1"}]} if each else {} for each in found]})

    def do_GET(self) -> None:
        ranges = [{"events": [{"introduced": "0"}, {"fixed": "99.1"}]}]
        self._say({"summary": "It bends", "affected": [{"ranges": ranges}]})

    def _say(self, what: object) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def osv(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Osv) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_an_audit_names_what_is_known(osv: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Osv, "against", "jinja2")
    code, said = ran("audit", "--at", osv)
    assert code == 1
    assert re.search(r"^jinja2 \S+: OSV-1 It bends \(mended in 99.1\)$", said, re.MULTILINE)
    assert said.endswith("1 vulnerabilities known\n")


def test_an_audit_that_finds_nothing_ends_well(osv: str) -> None:
    code, said = ran("audit", "--at", osv)
    assert (code, said.endswith("packages asked about, 0 vulnerabilities known\n")) == (0, True)


def test_no_secret_is_kept_in_this_project() -> None:
    code, said = ran("scan")
    if code == 3:
        pytest.skip(said)
    assert code == 0, said


PLANTED = {
    "a bot's token": f"BOT_TOKEN={INVENTED}",
    "a database's password": "postgresql://news:" + "kX8mQ2vR7pL" + "@db.example.org/news",
    "a private key": "-----BEGIN PRIVATE" + " KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ",
    "a key of Sentry": "https://" + "0f1e2d3c4b5a69788796a5b4c3d2e1f0" + "@errors.example.org/4",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project with these commands and nothing else."""
    target = tmp_path / "packaging" / "supply"
    target.mkdir(parents=True)
    for path in SUPPLY.glob("*.py"):
        (target / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message=Begin")
    return tmp_path


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org")
    subprocess.run(("git", *who, *words), cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("kind", sorted(PLANTED))
def test_a_secret_is_found_by_its_place_and_never_shown(repository: Path, kind: str) -> None:
    (repository / "notes.txt").write_text(f"first\n{PLANTED[kind]}\n", encoding="utf-8")
    code, said = ran("scan", folder=repository)
    assert (code, said.splitlines()[0]) == (1, f"notes.txt:2: {kind}")
    assert PLANTED[kind][-12:-6] not in said


def test_a_secret_that_was_taken_out_is_found_in_the_history(repository: Path) -> None:
    (repository / "notes.txt").write_text(INVENTED, encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=Add")
    git(repository, "rm", "--quiet", "notes.txt")
    git(repository, "commit", "--quiet", "--message=Remove")
    assert ran("scan", folder=repository)[0] == 0
    code, said = ran("scan", "--history", folder=repository)
    assert code == 1
    assert re.fullmatch(r"\w{7,} notes.txt: a bot's token", said.splitlines()[0])
    assert INVENTED[-12:] not in said


@pytest.mark.parametrize("invented", ["123456789:" + "A" * 35, "postgresql://me:password@127.0.0.1/x"])
def test_what_is_plainly_invented_is_let_be(repository: Path, invented: str) -> None:
    (repository / "notes.txt").write_text(invented, encoding="utf-8")
    assert ran("scan", folder=repository)[0] == 0


def test_a_scan_without_git_says_so(tmp_path: Path) -> None:
    target = tmp_path / "packaging" / "supply"
    target.mkdir(parents=True)
    for path in SUPPLY.glob("*.py"):
        (target / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    code, said = ran("scan", folder=tmp_path)
    assert (code, said.startswith("NOT SCANNED: ")) == (3, True)
