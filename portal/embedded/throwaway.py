"""A cluster for one test session: `python -m portal.embedded.throwaway FOLDER`, ended by closing its standard input.

A process of its own, because a test runner that is killed cannot clean up: the kernel closes the pipe for it, however
it ended. FOLDER is deleted at the end. Its state file appears when the servers answer; FOLDER/failed says why they
do not.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from portal.embedded.engines import Engines
from portal.embedded.home import Home
from portal.embedded.processes import Failed, StopRequested, Watch


def main(folder: Path) -> int:
    home = Home(folder)
    lock = home.hold(patience=0)
    watch = Watch(lifeline=0)
    engines = Engines(home, is_throwaway=True)
    try:
        engines.start(watch, keeps=[lock])
        home.write_state(pid=os.getpid(), environment=engines.variables)
        while True:
            watch.pause(3600)
    except StopRequested:
        return 0
    except Failed as failure:
        (folder / "failed").write_text(str(failure), encoding="utf-8")
        return _wait_for_reader(watch)
    finally:
        engines.stop()
        home.leave_sockets()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_reader(watch: Watch) -> int:
    try:
        while True:
            watch.pause(3600)
    except StopRequested:
        return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
