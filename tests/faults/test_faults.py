"""The fault suite as tests: a short run with the rest, and each fault at length in `make faults`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from portal.embedded.home import CHECKOUT
from portal.embedded.postgres import programs

# The long faults run on their own processor time; the short one shares a group, so that it never runs twice at once.
pytestmark = pytest.mark.xdist_group("faults")
FAULTS = ("F1", "F2", "F3", "F4", "F5", "F7", "F9")


def play(*arguments: str, seconds: float, tables: str = "") -> str:
    """A process of its own: it adopts orphans and starts servers, neither of which a test runner should."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("URBANLINK")}
    for name in ("DATABASE_URL", "REDIS_URL", "PYTEST_XDIST_WORKER"):
        clean.pop(name, None)
    clean["FAULTS_TABLES"] = tables
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults", *arguments]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=clean, capture_output=True, text=True, timeout=seconds, check=False
    )
    print(done.stdout)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.mark.slow
def test_nothing_is_lost_when_every_process_is_killed_once(django_db_setup: None, tmp_path: Path) -> None:
    """The stand begins with a copy of what this session's database holds: migrating again is a fifth of it."""
    tables = tmp_path / "tables.sql"
    address = connection.settings_dict
    place = ["-h", address["HOST"], "-p", str(address["PORT"] or 5432), "-U", address["USER"]]
    plain = ["--no-owner", "--no-privileges", "--no-comments", "-f", str(tables), address["NAME"]]
    subprocess.run(
        [programs() / "pg_dump", *place, *plain], env={**os.environ, "PGPASSWORD": address["PASSWORD"]}, check=True
    )
    report = play("smoke", seconds=900, tables=str(tables))
    assert "all well" in report


@pytest.mark.faults
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_and_recovery_is_in_time(fault: str) -> None:
    report = play("whole", fault, seconds=900)
    assert f"\n{fault} " in report
    assert "all well" in report
