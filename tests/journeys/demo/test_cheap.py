import subprocess
import sys

from tests.support.paths import ROOT

HEAVY = ("aiogram", "sqlalchemy", "pydantic", "jinja2", "babel", "feedparser", "lxml")


def test_the_demo_imports_nothing_but_the_sandbox_and_what_it_needs() -> None:
    """Its address must be there within a second; aiogram alone takes two to import."""
    script = "import sys, bot.demo.run; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    modules = run.stdout.split()
    assert not set(HEAVY) & set(modules)
    ours = {name.split(".")[1] for name in modules if name.startswith("bot.")}
    # The table of languages imports nothing.
    assert ours == {"demo", "sandbox", "tongues"}
