"""Writes what Vestnik is made of, as CycloneDX 1.6: `sbom.py [--image] FILE`.

All of it stands in the lock, so the same lock gives the same file, without a network. Licences are those that the
installed packages name. With --image also the SQLite of the container image.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any

from locked import LOCK, ROOT, Pin, pins

LONGEST_LICENCE = 60
"""Some packages write the whole text of their licence where its name belongs."""


def main(words: list[str]) -> int:
    """Write the file."""
    options = argparse.ArgumentParser(description="Writes what Vestnik is made of, as CycloneDX 1.6.")
    options.add_argument("--image", action="store_true", help="with the SQLite of the container image")
    options.add_argument("file", type=Path)
    chosen = options.parse_args(words)
    made = bom(LOCK.read_text(encoding="utf-8"), image=chosen.image)
    chosen.file.parent.mkdir(parents=True, exist_ok=True)
    chosen.file.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{chosen.file}: {len(made['components'])} components")
    return 0


def bom(lock: str, *, image: bool = False) -> dict[str, Any]:
    """Return the document."""
    found = pins(lock)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.findall(r'^version = "(.+)"', project, re.MULTILINE)[0]
    own = f"pkg:pypi/vestnik@{version}"
    components = [_component(each) for each in found]
    needs = {own: [each.purl for each in found if "vestnik" in each.needed_by]}
    needs |= {each.purl: [other.purl for other in found if each.name in other.needed_by] for each in found}
    if image:
        components.append(_sqlite())
        needs[own].append(components[-1]["bom-ref"])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # The same contents have the same number.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{own}{image}{lock}')}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "vestnik",
                "version": version,
                "purl": own,
            }
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in sorted(needs.items())],
    }


def _component(pin: Pin) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
    }
    if licences := _licences(pin.name):
        made["licenses"] = licences
    hashes = [{"alg": "SHA-256", "content": each} for each in pin.hashes]
    # A component's own hashes would be those of one file; a lock has those of all files of the version.
    made["externalReferences"] = [{"type": "distribution", "url": pin.purl, "hashes": hashes}]
    if pin.marker:
        made["properties"] = [{"name": "vestnik:only-where", "value": pin.marker}]
    return made


def _licences(name: str) -> list[dict[str, Any]]:
    try:
        about = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return []
    if expression := about.get("License-Expression"):
        return [{"expression": expression}]
    words = [
        each.rpartition(":: ")[2] for each in about.get_all("Classifier", []) if each.startswith("License ::")
    ]
    written = about.get("License") or ""
    if not words and 0 < len(written) <= LONGEST_LICENCE and written.isprintable():
        words = [written]
    return [{"license": {"name": each}} for each in words]


def _sqlite() -> dict[str, Any]:
    text = (ROOT / "packaging" / "image" / "Dockerfile").read_text(encoding="utf-8")
    major, minor, patch = re.findall(r"sqlite-amalgamation-(\d)(\d\d)(\d\d)00\.zip", text)[0]
    version = f"{major}.{int(minor)}.{int(patch)}"
    digest = re.findall(r"SQLITE_SHA3_256=([0-9a-f]{64})", text)[0]
    return {
        "type": "library",
        "bom-ref": f"pkg:generic/sqlite@{version}",
        "name": "sqlite",
        "version": version,
        "purl": f"pkg:generic/sqlite@{version}",
        "licenses": [{"license": {"id": "blessing"}}],
        "hashes": [{"alg": "SHA3-256", "content": digest}],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
