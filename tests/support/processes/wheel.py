"""The wheel, built from a tree and installed where nothing of the tree is."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.support.paths import ROOT


def built(tree: Path, folder: Path) -> Path:
    """Build the wheel of a tree, as `pip install` would, and return where it is."""
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), at=tree)
    return next(folder.glob("vestnik-*.whl"))


def environment(home: Path) -> Path:
    """Make an environment, and return its folder of commands.

    What the wheel depends on is lent by the environment that runs the tests.
    """
    _run(sys.executable, "-m", "venv", "--without-pip", str(home))
    Path(_places(home)["purelib"], "lent.pth").write_text(
        sysconfig.get_path("purelib") + "\n", encoding="utf-8"
    )
    return Path(_places(home)["scripts"])


def install(wheel: Path, home: Path) -> None:
    """Put a wheel into an environment, in place of the one that is there."""
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", f"{home}/bin/python")
    _run(*pip, "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall", str(wheel))


def next_version(folder: Path) -> Path:
    """Copy this tree as a later version would be: another number, and one more migration."""
    tree = folder / "later"
    for name in ("bot", "templates"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tree)
    project = tree / "pyproject.toml"
    project.write_text(
        project.read_text(encoding="utf-8").replace('version = "0.1.0"', 'version = "9.0.0"'), "utf-8"
    )
    versions = tree / "bot" / "store" / "migrations" / "versions"
    last = max(each.stem.partition("_")[0] for each in versions.glob("[0-9]*.py"))
    (versions / "9000_later.py").write_text(_MIGRATION.format(last=last), encoding="utf-8")
    return tree


def _places(home: Path) -> dict[str, str]:
    return sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})


def _run(*command: str, at: Path = ROOT) -> None:
    subprocess.run(command, cwd=at, check=True, capture_output=True, text=True)


_MIGRATION = '''"""A table of a later version."""

import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{last}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
'''
