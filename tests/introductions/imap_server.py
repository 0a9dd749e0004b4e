"""An IMAP server for one test: what a client needs to sign in, search, fetch and mark, over a real socket."""

import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Mailbox:
    """``breaks_at``: after so many commands the connection is cut once, in the middle of the answer."""

    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    password: str = "secret"
    breaks_at: str = ""
    commands: list[str] = field(default_factory=list)
    port: int = 0

    def put(self, raw: bytes) -> int:
        uid = max(self.mails, default=100) + 7
        self.mails[uid], self.flags[uid] = raw, set()
        return uid

    def url(self, *, password: str = "secret", scheme: str = "imap") -> str:  # noqa: S107
        return f"{scheme}://link%40example.org:{password}@127.0.0.1:{self.port}/INBOX"


class _Session(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self.box: Mailbox = self.server.box
        self._send("* OK ready")
        while line := self.rfile.readline():
            tag, command, rest = [*line.decode().strip().split(" ", 2), ""][:3]
            name = f"{command} {rest}".upper()
            self.box.commands.append(name)
            if self.box.breaks_at and self.box.breaks_at in name:
                self.box.breaks_at = ""
                self.wfile.write(b"* 1 FET")
                return
            if not self._answer(tag, command.upper(), rest):
                return

    def _send(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _answer(self, tag: str, command: str, rest: str) -> bool:
        if command == "CAPABILITY":
            self._send("* CAPABILITY IMAP4rev1")
        elif command == "LOGIN" and f'"{self.box.password}"' not in rest:
            self._send(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")
            return True
        elif command == "SELECT":
            self._send(f"* {len(self.box.mails)} EXISTS")
        elif command == "UID":
            self._by_uid(rest)
        elif command == "LOGOUT":
            self._send("* BYE")
        self._send(f"{tag} OK done")
        return command != "LOGOUT"

    def _by_uid(self, rest: str) -> None:
        verb, _space, what = rest.partition(" ")
        if verb == "SEARCH":
            unseen = [str(uid) for uid, flags in self.box.flags.items() if "\\Seen" not in flags]
            self._send(" ".join(["* SEARCH", *unseen]))
            return
        uid = int(what.split(" ", 1)[0])
        if verb == "STORE":
            self.box.flags[uid] |= set(re.findall(r"\\\w+", what))
            return
        most = int(re.findall(r"<0\.(\d+)>", what)[0])
        raw = self.box.mails[uid][:most]
        self.wfile.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")


class ImapServer(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True

    def __init__(self, box: Mailbox, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.box, self.context = box, context
        box.port = self.server_address[1]

    def get_request(self) -> Any:
        connection, address = super().get_request()
        if self.context is not None:
            connection = self.context.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is part of the tests."""

    def __enter__(self) -> "ImapServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()
