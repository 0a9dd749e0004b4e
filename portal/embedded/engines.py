"""PostgreSQL and Valkey together: those of the two that the environment does not name are ours to run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence

from portal.embedded import postgres, valkey
from portal.embedded.home import Home
from portal.embedded.processes import Failed, Service, Watch

PATIENCE = 60.0  # seconds; a cold disk and a recovery after a crash fit in it
# Said by a PostgreSQL that finds the last one still on its way out: a reason to try again, unlike all others.
STILL_LEAVING = ("postmaster.pid", "pre-existing shared memory")


class Engines:
    """The two servers of one state folder.

    `variables` are the addresses for the environment of everybody else, known before anything runs; a server that the
    environment names already is not among them.
    """

    def __init__(self, home: Home, given: Mapping[str, str] = os.environ, *, is_throwaway: bool = False) -> None:
        self.postgres: postgres.Postgres | None = None
        self.valkey: valkey.Valkey | None = None
        self.services: list[Service] = []
        self.variables: dict[str, str] = {}
        if not given.get("DATABASE_URL"):
            settings = postgres.THROWAWAY if is_throwaway else None
            log = home.log / "postgres.log"
            self.postgres = postgres.Postgres(home.folder / "postgres", home.sockets(), log, settings)
            self.variables["DATABASE_URL"] = self.postgres.url()
        if not given.get("REDIS_URL"):
            mode = valkey.THROWAWAY if is_throwaway else valkey.DURABLE
            self.valkey = valkey.Valkey(home.folder / "valkey", home.sockets(), home.log / "valkey.log", mode)
            self.variables["REDIS_URL"] = self.valkey.url()

    def start(
        self,
        watch: Watch,
        *,
        keeps: Sequence[int] = (),
        on_start: Callable[[int], None] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Both up and answering, the database furnished and its vectors checked; `Failed` with the log's end if not."""
        if self.postgres is not None:
            self.postgres.make()
        self.services = [server.service() for server in self._servers()]
        for service in self.services:
            service.keeps, service.on_start = keeps, on_start
            service.start()
        end = time.monotonic() + patience
        for server, service in zip(self._servers(), self.services, strict=True):
            while not server.answers():
                watch.pause(0.03)
                if not service.is_alive:
                    self._again_or_fail(service, end)
                elif time.monotonic() > end:
                    raise Failed(f"{service.name} does not answer after {patience:.0f} s:\n{service.last_lines()}")
        if self.postgres is not None:
            self.postgres.furnish()
            self.postgres.check()

    def _servers(self) -> list[postgres.Postgres | valkey.Valkey]:
        return [server for server in (self.postgres, self.valkey) if server is not None]

    @staticmethod
    def _again_or_fail(service: Service, end: float) -> None:
        said = service.last_lines(5)
        if time.monotonic() > end or not any(words in said for words in STILL_LEAVING):
            raise Failed(f"{service.name} did not start:\n{service.last_lines()}")
        time.sleep(0.2)
        service.start()

    def stop(self, is_hurried: Callable[[], bool] = lambda: False) -> None:
        """Valkey first, PostgreSQL last: whatever writes the truth may still want to."""
        for service in reversed(self.services):
            service.stop(is_hurried)
