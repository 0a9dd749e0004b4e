"""`python -m portal.embedded.preparation`: everything between a running database and a portal that can serve.

One process for all the steps, because loading Django takes longer than most of them. Each step is quick when there is
nothing to do. Prints one line a step; ends with code 3 when somebody has to become the first administrator.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from portal import env
from portal.embedded.catalogues import compile_stale
from portal.embedded.home import CHECKOUT, Home
from portal.embedded.processes import Failed, say

NO_ADMINISTRATOR = 3


def main() -> int:
    steps: list[tuple[str, Callable[[], str]]] = [
        ("language catalogues", _compile_catalogues),  # before Django, which keeps what it has read
        ("portal loaded", _load_django),
        ("servers", _reach_servers),
        ("database tables", _migrate),
        ("static files", _collect_static),
        ("reference data", _load_reference),
    ]
    if env.bool_("DEMO", True):
        steps.append(("demo content", _load_demo))
    for name, step in steps:
        began = time.monotonic()
        say(f"  {name:<20} ", end="")
        try:
            detail = step()
        except Failed as failure:
            say(f"failed: {failure}")
            return 1
        say(f"{detail}  ({time.monotonic() - began:.1f} s)")
    return 0 if _has_administrator() else NO_ADMINISTRATOR


def _compile_catalogues() -> str:
    return _counted(len(compile_stale(CHECKOUT / "locale")), "compiled")


def _load_django() -> str:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    return "yes"


def _reach_servers() -> str:
    """Those that the environment names may be away; the broker may even stay away, and only delays work."""
    import redis
    from django.conf import settings
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Failed(f"the server of DATABASE_URL cannot be used. {reason}") from error
    try:
        with redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_connect_timeout=3) as client:
            client.ping()
    except redis.exceptions.RedisError as error:
        return f"the server of REDIS_URL does not answer; work in the background is slow without it ({error})"
    return "both answer"


def _migrate() -> str:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    return _counted(len(plan), "migrated")


def _collect_static() -> str:
    """Done when a source file came, went or changed since the last time.

    Files get their hashed names but are not compressed: that takes ten times as long, and nobody is far away here.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import override_settings

    mark = Path(settings.STATIC_ROOT, ".sources")
    now = hashlib.sha256("\n".join(_static_sources()).encode()).hexdigest()
    if mark.exists() and mark.read_text() == now:
        return "unchanged"
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    hashed = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": hashed}):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(now)
    return "collected"


def _static_sources() -> Iterator[str]:
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            yield f"{name} {found.st_size} {found.st_mtime_ns}"


def _load_reference() -> str:
    return _called("load_reference")


def _load_demo() -> str:
    detail = _called("load_demo")
    said = io.StringIO()
    _call("demo_accounts", said)
    accounts_file(Home(env.path_("URBANLINK_HOME", CHECKOUT / "var"))).write_text(said.getvalue(), encoding="utf-8")
    return detail


def accounts_file(home: Home) -> Path:
    """Where the demo's accounts wait for the moment the portal is ready."""
    return home.folder / "run" / "accounts.txt"


def _called(command: str) -> str:
    said = io.StringIO()
    _call(command, said)
    lines = said.getvalue().strip().splitlines()
    return lines[-1] if lines else "yes"


def _call(command: str, said: io.StringIO) -> None:
    from django.core.management import CommandError, call_command

    try:
        call_command(command, stdout=said)
    except CommandError as error:
        raise Failed(f"{command}: {error}") from error


def _has_administrator() -> bool:
    from portal.accounts.enums import StaffRoleKind
    from portal.accounts.models import StaffRole

    return StaffRole.objects.filter(role=StaffRoleKind.ADMINISTRATOR, user__is_active=True).exists()


def _counted(count: int, done: str) -> str:
    return f"{count} {done}" if count else "current"


if __name__ == "__main__":
    sys.exit(main())
