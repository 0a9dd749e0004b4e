"""pytest plugin (`-p tests.cluster` in pyproject.toml): a throw-away PostgreSQL and Valkey for the test session.

Started in the background by the session, before Django's settings are read, and shared by its xdist workers: each of
them has a database (pytest-django's suffix) and a pair of Valkey databases to itself. DATABASE_URL and REDIS_URL of the
environment win, each for itself.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings

from portal.embedded.catalogues import compile_stale
from portal.embedded.engines import Engines
from portal.embedded.home import CHECKOUT, Home

# How workers learn of the folder, and which addresses are ours to set.
FOLDER, OURS = "URBANLINK_TEST_CLUSTER", "URBANLINK_TEST_ADDRESSES"
CHOICES = ("DEBUG", "DEMO", "PORT", "SITE_URL", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "EMAIL_URL", "STATIC_ROOT")
CHOICES += ("CELERY_BROKER_URL", "STAFF_SECOND_FACTOR", "TRUSTED_PROXY", "MEDIA_ROOT", "SECRET_KEY")
CHOICES += ("DEFAULT_FROM_EMAIL",)
PATIENCE = 60.0


class Cluster:
    """The session's servers, seen from the process that owns them or from one of its workers."""

    def __init__(self, folder: Path, owner: subprocess.Popen[bytes] | None) -> None:
        self.home, self.owner = Home(folder), owner

    def wait(self) -> None:
        end = time.monotonic() + PATIENCE
        failed = self.home.folder / "failed"
        while not self.home.read_state():
            if failed.exists():
                pytest.exit(f"The test cluster did not start.\n{failed.read_text()}", returncode=3)
            if time.monotonic() > end or (self.owner is not None and self.owner.poll() is not None):
                pytest.exit("The test cluster did not start.", returncode=3)
            time.sleep(0.02)

    def end(self) -> None:
        if self.owner is not None and self.owner.stdin is not None:
            self.owner.stdin.close()
            self.owner.wait(timeout=20)


cluster: Cluster | None = None


def is_thrown_away() -> bool:
    """Whether the databases of this session end with it, dropped or not."""
    return "DATABASE_URL" in os.environ.get(OURS, "").split(",")


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """One worker of the session at a time; yields the folder that they share."""
    assert cluster is not None
    folder = cluster.home.folder
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Before pytest-django's own, which imports the settings: a wrapper runs ahead of everything else."""
    _prepare()
    return (yield)


def pytest_configure() -> None:
    if cluster is not None and cluster.owner is not None and settings.configured:
        _collect_static()


def pytest_runtestloop() -> None:
    if cluster is not None:
        cluster.wait()


def pytest_unconfigure() -> None:
    if cluster is not None:
        cluster.end()


def _prepare() -> None:
    global cluster
    folder = os.environ.get(FOLDER)
    owner = None
    if folder is None:
        _forget_choices()
        _keep_bytecode()
        folder = os.environ[FOLDER] = tempfile.mkdtemp(prefix="urbanlink-test-")
        os.environ[OURS] = ",".join(Engines(Home(Path(folder))).variables)
        compile_stale(CHECKOUT / "locale")
        command = [sys.executable, "-m", "portal.embedded.throwaway", folder]
        owner = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=CHECKOUT, start_new_session=True)
    cluster = Cluster(Path(folder), owner)
    _set_environment(cluster.home)


def _collect_static() -> None:
    """Pages name static files by their hash, as in production; compressing them too takes ten times as long."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        call_command("collectstatic", interactive=False, verbosity=0)


def _forget_choices() -> None:
    """What a person exports for `run` must not change what the tests see."""
    for name in CHOICES:
        os.environ.pop(name, None)


def _keep_bytecode() -> None:
    """Whatever the shell says: dozens of processes start here, and each would compile the same thousand files again."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _set_environment(home: Home) -> None:
    """The addresses follow from the folder, so that nobody has to wait for the servers to read the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    state = home.folder / "state" / worker
    state.mkdir(parents=True, exist_ok=True)
    engines = Engines(home, {})
    assert engines.valkey is not None
    # Two logical databases each, cache and broker: a worker must not clear what another has just written.
    addresses = {**engines.variables, "REDIS_URL": engines.valkey.url(2 * int(worker.removeprefix("gw")))}
    os.environ.update({name: addresses[name] for name in os.environ[OURS].split(",") if name})
    os.environ["URBANLINK_HOME"] = str(state)
    os.environ["STATIC_ROOT"] = str(home.folder / "static")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    # More threads than cores only wait for each other, and xdist uses the cores already.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Thousands of requests come from one address here; tests/api/test_throttling.py sets limits of its own.
    os.environ |= dict.fromkeys(("API_VISITOR_PER_MINUTE", "API_USER_PER_MINUTE", "API_WRITES_PER_MINUTE"), "0")
