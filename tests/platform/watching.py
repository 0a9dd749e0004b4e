"""What the tests of this folder ask the kernel about processes. Linux's /proc; nothing here signals anybody."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 180.0  # seconds, for what takes few unless the machine is busy or something is wrong


def running(pid: int) -> str:
    """The command of a live process, empty for one that ended or only waits to be collected."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text()
        name, state = fields[fields.index("(") + 1 : fields.rindex(")")], fields.rpartition(")")[2].split()[0]
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
    return "" if state in "ZX" else f"{pid} {name} {command}"


def children(*parents: int) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) in parents:
                found.add(int(path.parent.name))
    return found


def descendants(root: int) -> set[int]:
    found: set[int] = set()
    while grown := children(root, *found) - found:
        found |= grown
    return found


def eventually(is_true: Callable[[], bool], why: Callable[[], object], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, why()
        time.sleep(0.05)
