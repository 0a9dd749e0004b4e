"""The portal's real processes on a private home: servers, workers, sweepers, and hands to kill them with.

Everything is a child of the process that holds the stand (or comes to it when its parent is killed), and only these
are ever signalled.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg

from portal.embedded.engines import Engines
from portal.embedded.home import Home
from portal.embedded.postgres import programs
from portal.embedded.processes import Service, Watch, adopt_orphans, kill_group
from portal.embedded.supervisor import environment, portal_services

PORT = 1  # no web server runs here; settings want a number


class Stand:
    """Servers with durable settings as in `run`; ``workers`` and ``sweepers`` as the supervisor would start them."""

    def __init__(self) -> None:
        adopt_orphans()
        self.home = Home(Path(tempfile.mkdtemp(prefix="urbanlink-faults-")))
        self.watch = Watch()
        self.engines = Engines(self.home, {})
        self.variables = {
            **environment(self.home, self.engines, PORT, is_demo=False),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "EMBEDDING_BACKEND": "fake",
            "EMAIL_URL": f"file://{self.home.folder}/mails",
        }
        os.environ.update(self.variables)
        self.workers: list[Service] = []
        self.sweepers: list[Service] = []
        self.deaths: list[str] = []

    def __enter__(self) -> "Stand":
        self.engines.start(self.watch)
        # Started, nobody pauses in the watch any more: a signal has to end this process by itself.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit("ended by a signal"))
        return self

    def __exit__(self, *_: object) -> None:
        for service in [*self.workers, *self.sweepers]:
            self.kill(service)
        self.engines.stop(lambda: True)
        shutil.rmtree(self.home.sockets(), ignore_errors=True)
        shutil.rmtree(self.home.folder, ignore_errors=True)

    # --- processes ------------------------------------------------------------------------------------------------

    def add_worker(self) -> Service:
        _web, worker, _sweeper = portal_services(self.home, {**os.environ, **self.variables}, PORT)
        return self._start(replace(worker, command=[*worker.command, "-I", "tests.faults.poison"]), self.workers)

    def add_sweeper(self) -> Service:
        _web, _worker, sweeper = portal_services(self.home, {**os.environ, **self.variables}, PORT)
        command = [sys.executable, "-m", "tests.faults.sweeper"]
        return self._start(replace(sweeper, command=command), self.sweepers)

    def _start(self, service: Service, among: list[Service]) -> Service:
        log = self.home.log / f"{service.name.lower()}-{len(among)}.log"
        service = replace(service, log=log)
        service.start()
        among.append(service)
        return service

    def kill(self, service: Service) -> None:
        """The whole tree at once, as the out-of-memory killer or a power switch would."""
        process, service.process = service.process, None
        if process is not None:
            kill_group(process.pid)
            process.wait()

    def restart(self, service: Service) -> None:
        self.kill(service)
        service.start()

    def look_after(self) -> None:
        """As the supervisor does, or a container's restart policy: who ended by himself is started again.

        Celery's worker is one to do so: a connection lost while it holds messages may raise in its own clean-up.
        """
        for service in [*self.workers, *self.sweepers]:
            if service.process is not None and not service.is_alive:
                self.deaths.append(f"{service.name} ended with {service.process.returncode}")
                service.clear()
                time.sleep(0.5)
                service.start()

    def pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.look_after()
            time.sleep(min(left, 0.2))

    def kill_one_child(self, service: Service) -> None:
        """One process of a worker's pool; waits for one where the worker is only just starting."""
        assert service.process is not None
        leader, found = service.process.pid, list[int]()

        def has_pool() -> bool:
            found.extend(pool_of(leader))
            return bool(found)

        wait_until(has_pool, 60)
        with contextlib.suppress(ProcessLookupError):  # a poison may have ended it at this moment
            os.kill(max(found), signal.SIGKILL)

    # --- servers --------------------------------------------------------------------------------------------------

    @property
    def postgres(self) -> Service:
        return next(service for service in self.engines.services if service.name == "PostgreSQL")

    @property
    def valkey(self) -> Service:
        return next(service for service in self.engines.services if service.name == "Valkey")

    def stop_postgres_at_once(self) -> None:
        """SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, recovery from the log at the next start."""
        process = self.postgres.process
        assert process is not None
        process.send_signal(signal.SIGQUIT)
        process.wait(20)
        self.postgres.clear()

    def start_postgres(self) -> None:
        assert self.engines.postgres is not None
        self.postgres.start()
        wait_until(self.engines.postgres.answers, 30)

    def kill_valkey(self) -> None:
        self.kill(self.valkey)

    def start_valkey(self) -> None:
        assert self.engines.valkey is not None
        self.valkey.start()
        wait_until(self.engines.valkey.answers, 20)

    def flush_valkey(self) -> None:
        import redis

        assert self.engines.valkey is not None
        with redis.Redis(unix_socket_path=str(self.engines.valkey.socket)) as client:
            client.flushall()

    def terminate_backends(self) -> int:
        """Cut every connection to the portal's database but this one. Returns how many."""
        assert self.engines.postgres is not None
        with psycopg.connect(self.engines.postgres.url(role="postgres"), autocommit=True) as connection:
            row = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
            assert row is not None
            return int(row[0])


def children_of(parent: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.add(int(stat.parent.name))
    return found


def pool_of(worker: int) -> set[int]:
    """Children of a worker without its timer, which is the one that has the schedule open."""
    return {pid for pid in children_of(worker) if not any("celerybeat-schedule" in name for name in open_files(pid))}


def open_files(pid: int) -> list[str]:
    names = []
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        with contextlib.suppress(OSError):
            names.append(str(link.readlink()))
    return names


def wait_until(is_true: Callable[[], bool], seconds: float, meanwhile: Callable[[], None] = lambda: None) -> float:
    """Seconds it took; raises TimeoutError."""
    began = time.monotonic()
    while not is_true():
        meanwhile()
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - began


def prepare() -> None:
    """Django in this process, tables and vocabulary: those of the dump that FAULTS_TABLES names, or made anew."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from catalog.vocabulary import load_vocabulary

    if tables := os.environ.get("FAULTS_TABLES"):
        command = [programs() / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", tables]
        subprocess.run([*command, os.environ["DATABASE_URL"]], check=True)
    else:
        call_command("migrate", verbosity=0)
        load_vocabulary()
    connection.close()
