"""A real worker and sweeper beside the live server, on the test's own database."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


def environment() -> dict[str, str]:
    """The session's own, with the database that this test process uses."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    return {**os.environ, "DATABASE_URL": address, "EMBEDDING_BACKEND": settings.EMBEDDING_BACKEND}


@contextmanager
def workers(log: Path) -> Iterator[None]:
    """Celery on all queues and the sweeper, stopped at the end whatever happened."""
    queues = ",".join(settings.JOB_QUEUES)
    commands = [
        [sys.executable, "-m", "celery", "-A", "portal", "worker", "-Q", queues, "-c", "1", "-l", "WARNING"],
        [sys.executable, "manage.py", "sweep_jobs"],
    ]
    started: list[subprocess.Popen[bytes]] = []
    with log.open("wb") as output:
        try:
            started += [_start(command, output) for command in commands]
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(15)
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def _start(command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    # A session of its own, so that the pool's children can be ended with it.
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=output, stderr=output, start_new_session=True)
