"""The whole portal as `make run` starts it, empty, on a port of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from portal.embedded.home import CHECKOUT, Home
from tests.platform.watching import PATIENCE, descendants, eventually, running

pytestmark = [pytest.mark.xdist_group("embedded"), pytest.mark.slow]


class Portal:
    """One run of the portal and all processes below it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.home = Home(folder)
        self.output = folder.parent / "portal.out"
        ours = {"URBANLINK_HOME": str(folder), "PORT": str(self.port), "DEMO": "0", "EMBEDDING_BACKEND": "fake"}
        unset = {"DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": "", "STATIC_ROOT": "", "MEDIA_ROOT": ""}
        with self.output.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.embedded", "run"],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=CHECKOUT,
                env={**os.environ, **unset, **ours},
                start_new_session=True,
            )
        self.seen: set[int] = set()

    def said(self) -> str:
        return self.output.read_text()

    def left(self) -> list[str]:
        return [name for pid in self.seen | {self.process.pid} if (name := running(pid))]

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()


@pytest.fixture
def portal(tmp_path: Path) -> Generator[Portal]:
    portal = Portal(tmp_path / "state")
    try:
        eventually(lambda: "Ctrl-C stops it" in portal.said() or portal.process.poll() is not None, portal.said)
        portal.seen = descendants(portal.process.pid)
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.process.send_signal(signal.SIGTERM)
        portal.process.wait(PATIENCE)
        eventually(lambda: not portal.left(), portal.left)


def test_portal_serves_and_leaves_nothing_but_its_data(portal: Portal) -> None:
    assert f"UrbanLink is ready at http://127.0.0.1:{portal.port}/" in portal.said()
    assert "python3 bootstrap.py manage create_administrator EMAIL" in portal.said()
    assert [portal.get(path) for path in ("/livez", "/readyz", "/en/")] == [200, 200, 200]
    commands = " ".join(running(pid) for pid in portal.seen)
    assert all(name in commands for name in ("granian", "celery", "sweep_jobs", "valkey-server", "postgres"))

    # What the run says of itself holds its secret key.
    state = json.loads(portal.home.state_file.read_text())
    assert state["environment"]["SECRET_KEY"]
    private = (portal.home.folder, portal.home.state_file, portal.home.folder / "secret_key")
    assert not [path for path in private if path.stat().st_mode & 0o077]

    # A command joins the servers of the run.
    shell = [sys.executable, "-m", "portal.embedded", "manage", "shell", "--no-imports", "-c"]
    code = "from catalog.models import FocusArea; print(FocusArea.objects.count())"
    environment = {**os.environ, "URBANLINK_HOME": str(portal.home.folder), "DATABASE_URL": "", "REDIS_URL": ""}
    done = subprocess.run([*shell, code], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "6"

    os.killpg(portal.process.pid, signal.SIGKILL)
    portal.process.wait(PATIENCE)
    eventually(lambda: not portal.left(), portal.left)
    assert "database system is shut down" in (portal.home.log / "postgres.log").read_text()

    # Without a run, it has servers as long as it lasts.
    done = subprocess.run([*shell, code], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "6"
    assert not portal.home.state_file.exists()
