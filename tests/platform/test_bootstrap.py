"""bootstrap.py: makes nothing twice, finds a Python that runs, and says what went wrong."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from portal.embedded.home import CHECKOUT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of its own with locks that name no package, and no .venv yet."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "bootstrap.py").write_bytes((CHECKOUT / "bootstrap.py").read_bytes())
    (folder / "requirements.lock").write_text("# nothing\n")
    (folder / "requirements-test.lock").write_text("# nothing, and tests\n")
    return folder


def start(checkout: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "bootstrap.py"), *arguments],
        env={**os.environ, **variables},
        cwd=checkout.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def load(checkout: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", checkout / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stamp_of(checkout: Path) -> dict[str, str]:
    return dict(json.loads((checkout / ".venv" / "urbanlink-locks.json").read_text()))


def test_install_made_once_is_not_made_again(checkout: Path) -> None:
    assert "Making .venv" in start(checkout, "install").stdout
    made = stamp_of(checkout)
    (checkout / ".venv" / "kept").touch()
    second = start(checkout, "install")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert (checkout / ".venv" / "kept").exists()
    assert stamp_of(checkout) == made == {"run": load(checkout).digest(checkout / "requirements.lock")}


def test_install_for_tests_serves_run_too_and_is_kept_for_it(checkout: Path) -> None:
    start(checkout, "install", "test")
    assert start(checkout, "install").stdout == ""
    (checkout / "requirements.lock").write_text("# another nothing\n")
    assert start(checkout, "install").returncode == 0
    assert set(stamp_of(checkout)) == {"run", "test"}


def test_two_installs_at_once_make_it_one_after_the_other(checkout: Path) -> None:
    command = [sys.executable, str(checkout / "bootstrap.py"), "install"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Making .venv" in text for text in said) == 1


def test_interrupted_install_is_started_over(checkout: Path) -> None:
    start(checkout, "install")
    (checkout / ".venv" / "urbanlink-locks.json").unlink()
    assert "Making .venv" in start(checkout, "install").stdout
    assert stamp_of(checkout)


def test_install_with_a_wrong_hash_says_so_and_leaves_no_stamp(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text(f"idna==3.10 --hash=sha256:{'0' * 64}\n")
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(checkout), "UV_OFFLINE": "1", "UV_NO_INDEX": "1"}
    done = start(checkout, "install", **nowhere, PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1")
    assert done.returncode == 1
    assert "bootstrap.py: .venv could not be made." in done.stderr
    assert not (checkout / ".venv" / "urbanlink-locks.json").exists()


def test_run_command_is_replaced_by_the_python_of_venv(checkout: Path) -> None:
    package = checkout / "portal" / "embedded"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text("import os, sys; print(sys.prefix, os.getpid(), sys.argv[1:])")
    done = start(checkout, "manage", "shell", "--plain")
    assert done.stdout.splitlines()[-1].startswith(str(checkout / ".venv"))
    assert "['manage', 'shell', '--plain']" in done.stdout


def test_dead_shim_and_old_python_are_passed_over(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap = load(checkout)
    programs = {"dead": "exit 127", "old": "echo 3 9", "good": "echo 3 12", "new": "echo 3 99"}
    for name, code in programs.items():
        (checkout / name).write_text(f"#!/bin/sh\n{code}\n")
        (checkout / name).chmod(0o755)
    order = [str(checkout / name) for name in ("dead", "old", "new", "good")]
    monkeypatch.setattr(bootstrap, "pythons", lambda: iter(order))
    assert bootstrap.find_python() == str(checkout / "good")
    monkeypatch.setattr(bootstrap, "pythons", lambda: iter(order[:3]))
    assert bootstrap.find_python() == str(checkout / "new")
    monkeypatch.setattr(bootstrap, "pythons", lambda: iter(order[:2]))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer .* is needed; found .*old is 3\.9"):
        bootstrap.find_python()


def test_unknown_command_shows_the_help(checkout: Path) -> None:
    done = start(checkout, "dance")
    assert done.returncode == 2
    assert "the portal on this machine" in done.stdout


def test_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        lines = (CHECKOUT / name).read_text().splitlines()
        pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert len(pinned) > 50
        assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)
        assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_test_lock_contains_the_run_lock() -> None:
    def pins(name: str) -> set[str]:
        lines = (CHECKOUT / name).read_text().splitlines()
        # Without the marker: what tests bring in may want a package on one platform more.
        return {line.rstrip(" \\").partition(" ;")[0] for line in lines if line and not line.startswith((" ", "#"))}

    assert not pins("requirements.lock") - pins("requirements-test.lock")
