"""A real HTTP server on this machine that speaks LibreTranslate's API, as well or badly as a test wants."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.failures: list[int] = []
        self.codes = ["en", "ko", "zt", "zh-Hans"]
        self.answer: Callable[[dict[str, Any]], Any] = lambda question: {
            "translatedText": [f"{question['target']}: {text}" for text in question["q"]]
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.send(200, [{"code": code, "name": code, "targets": self.server.codes} for code in self.server.codes])

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(question)
        if self.server.failures:
            return self.send(self.server.failures.pop(0), {"error": "not now"})
        return self.send(200, self.server.answer(question))

    def send(self, status: int, content: Any) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "http://127.0.0.1:9/translate")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
