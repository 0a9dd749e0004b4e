"""The servers a benchmark runs against, and Django in the process that measures."""

import os
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings

from portal.embedded.catalogues import compile_stale
from portal.embedded.engines import Engines
from portal.embedded.home import CHECKOUT, Home
from portal.embedded.processes import Watch

PACKAGES = CHECKOUT / ".venv" / "bench"  # where bootstrap.py puts what only the benchmark needs


class Stage:
    """PostgreSQL and Valkey of this run alone; `variables` make a child process use them."""

    def __init__(self) -> None:
        self.home = Home(Path(tempfile.mkdtemp(prefix="urbanlink-bench-")))
        self.engines = Engines(self.home, {}, is_throwaway=True)
        assert self.engines.postgres is not None
        # A table of a hundred thousand vectors fits: a cache too small would be blamed on pgvector.
        self.engines.postgres.settings["shared_buffers"] = "1GB"
        self.variables = {
            **self.engines.variables,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "URBANLINK_HOME": str(self.home.folder),
            "STATIC_ROOT": str(self.home.folder / "static"),
            "EMBEDDING_BACKEND": "fake",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DEBUG": "0",
            # What a part leaves behind when it is ended in the middle goes with the stage.
            "TMPDIR": str(self.home.folder / "tmp"),
            # Every contender on one thread, so that processor time is what is compared.
            **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"),
        }

    def __enter__(self) -> "Stage":
        compile_stale(CHECKOUT / "locale")
        (self.home.folder / "tmp").mkdir()
        self.engines.start(Watch())
        # Started, nobody pauses in the watch any more: a signal has to end this process by itself, with its servers.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit("ended by a signal"))
        return self

    def __exit__(self, *_: object) -> None:
        self.engines.stop(lambda: True)
        self.home.leave_sockets()
        shutil.rmtree(self.home.folder, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.variables}


def prepare(*, pages: bool = False) -> None:
    """Tables and vocabulary, as the fault suite's stand has them; with `pages`, static files under their hashes."""
    from tests.faults.stand import prepare as migrate

    migrate()
    if pages:
        plain = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
        with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
            call_command("collectstatic", interactive=False, verbosity=0)


def show_demo() -> None:
    """The demo in the database; parts of one run share it."""
    from cities.reference import load_cities
    from portal.embedded.demo.load import load_demo
    from portal.guidance.sample_actions import is_empty

    load_cities()
    if is_empty():
        load_demo(lambda _said: None)
