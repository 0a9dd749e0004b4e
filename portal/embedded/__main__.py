"""`python -m portal.embedded run|reset|manage`, behind bootstrap.py."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from portal import env
from portal.embedded.home import CHECKOUT, Home, Taken
from portal.embedded.processes import Failed, StopRequested, Watch, say
from portal.embedded.supervisor import Supervisor, environment, run
from portal.embedded.watchman import watched


def main(arguments: list[str]) -> int:
    command, rest = arguments[0], arguments[1:]
    home = Home(env.path_("URBANLINK_HOME", CHECKOUT / "var"))
    if command == "run":
        return watched(lambda lifeline, report: run(home, lifeline, report))
    if command == "reset":
        return reset(home)
    return manage(home, rest)


def reset(home: Home) -> int:
    """Deletes the state, unless somebody works on it."""
    if not home.folder.is_dir():
        say(f"There is nothing in {home.folder}.")
        return 0
    lock = home.hold(patience=5)
    home.clear()
    os.close(lock)
    say(f"{home.folder} is cleared; the next run starts anew.")
    return 0


def manage(home: Home, arguments: list[str]) -> int:
    """manage.py with the servers of the run under way, or with servers that live as long as the command."""
    command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        os.execv(sys.executable, command)
    try:
        os.close(home.hold())
    except Taken as taken:
        if "environment" not in taken.state:
            raise
        os.execve(sys.executable, command, {**os.environ, **taken.state["environment"]})
    return watched(lambda lifeline, report: _manage_alone(home, command, lifeline, report))


def _manage_alone(home: Home, command: list[str], lifeline: int, report: Callable[[int], None]) -> int:
    lock = home.hold()
    home.write_state(pid=os.getppid())
    supervisor = Supervisor(home, Watch(lifeline), lock, report)
    port, is_demo = env.int_("PORT", 8000, lowest=1, highest=65535), env.bool_("DEMO", True)
    try:
        supervisor.engines.start(supervisor.watch, keeps=[lock], on_start=report)
        variables = {**os.environ, **environment(home, supervisor.engines, port, is_demo)}
        return supervisor.complete(command, variables, terminal=True, folder=Path.cwd())
    except StopRequested:
        return 130
    finally:
        supervisor.watch.is_stopping = True
        supervisor.stop()
        home.state_file.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Failed, env.SettingError) as failure:
        say(str(failure))
        sys.exit(1)
