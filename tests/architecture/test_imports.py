"""The import order of docs/architecture.md, as import-linter reads it from pyproject.toml."""

import subprocess
import sys

from portal.embedded.home import CHECKOUT


def test_imports_follow_the_order() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout
