"""A run with real servers and two small services instead of the portal: `python small_run.py FOLDER`.

The first service has a child that ignores every polite signal; the second ends by itself as often as FOLDER/ends says.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from portal.embedded import watchman
from portal.embedded.home import Home
from portal.embedded.processes import Service, StopRequested, Watch, adopt_orphans, say
from portal.embedded.supervisor import Supervisor

STUBBORN = """
import os, signal, sys, time
if os.fork() == 0:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
time.sleep(600)
"""
MORTAL = """
import pathlib, sys, time
ends = pathlib.Path(sys.argv[1], "ends")
left = int(ends.read_text()) if ends.exists() else 0
if left:
    ends.write_text(str(left - 1))
    sys.exit(f"ending, {left} to come")
pathlib.Path(sys.argv[1], "lives").touch()
time.sleep(600)
"""


def work(home: Home, lifeline: int, report: Callable[[int], None]) -> int:
    adopt_orphans()
    lock = home.hold()
    watch = Watch(lifeline)
    supervisor = Supervisor(home, watch, lock, report)
    home.write_state(pid=os.getppid(), supervisor=os.getpid(), address="http://127.0.0.1:1/")
    try:
        supervisor.start_engines()
        supervisor.start([service(home, "Stubborn", STUBBORN), service(home, "Mortal", MORTAL)])
        home.write_state(pid=os.getppid(), supervisor=os.getpid(), address="http://127.0.0.1:1/", ready=True)
        say("ready")
        supervisor.keep_alive()
    except StopRequested as reason:
        say(f"stopping ({reason})")
        return 0
    finally:
        watch.is_stopping = True
        supervisor.stop()
        say("stopped")
    return 0


def service(home: Home, name: str, code: str) -> Service:
    command = [sys.executable, "-c", code, str(home.folder)]
    return Service(name, command, dict(os.environ), home.log / f"{name}.log", home.folder, ((signal.SIGTERM, 1.0),))


if __name__ == "__main__":
    watchman.PATIENCE = 3.0  # the stubborn one will not use more either
    home = Home(Path(sys.argv[1]))
    sys.exit(watchman.watched(lambda lifeline, report: work(home, lifeline, report)))
