"""The sweeper: hint overdue jobs again, bury the hopeless. Run one or more of these beside the workers."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from portal.jobs.actions import sweep

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Hints overdue jobs to the workers every second, and dead-letters those that failed five times."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="sweep once and print what was found")
        parser.add_argument("--every", type=float, default=1.0, help="seconds between sweeps")

    def handle(self, *args: Any, once: bool, every: float, **options: Any) -> None:
        if once:
            swept = sweep()
            self.stdout.write(f"hinted {swept.hinted}, dead {swept.dead}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.wait(every):
            try:
                close_old_connections()
                sweep()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("sweep skipped: %s", error)
                connection.close()
