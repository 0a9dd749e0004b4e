"""A mail server on a socket that keeps what it is given: enough SMTP for a client that signs in and sends."""

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(slots=True)
class Letters:
    """``taken`` are the mails in the order of arrival; ``refusals`` counts down: so many are refused before one is."""

    port: int = 0
    refusals: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        letters: Letters = self.server.letters  # type: ignore[attr-defined]
        self._say("220 ready")
        while line := self.rfile.readline():
            verb, _space, rest = line.decode().strip().partition(" ")
            if verb.upper() == "EHLO":
                self._say("250-here\r\n250 AUTH PLAIN")
            elif verb.upper() == "AUTH":
                letters.signed_in.append(base64.b64decode(rest.split()[-1]).decode().replace("\0", "/"))
                self._say("235 welcome")
            elif verb.upper() == "DATA":
                self._take(letters)
            elif verb.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 so be it")

    def _take(self, letters: Letters) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if letters.refusals:
            letters.refusals -= 1
            self._say("451 try again later")
            return
        letters.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
        self._say("250 taken")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Letters]:
    letters = Letters()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.letters = letters  # type: ignore[attr-defined]
        letters.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield letters
        finally:
            server.shutdown()
