"""A real HTTP server on this machine that speaks the OpenAI embeddings protocol, as well or badly as a test wants."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from matching.encoder import backend

DIM = 24


def embedding(text: str) -> list[float]:
    """What the played model gives: a shadow of the fake backend's vector, and its own accent."""
    vector = backend("fake").embed([text], "query")[0].reshape(DIM // 3, -1)[:, :3].ravel()
    return [*(vector + 0.05).tolist()][:DIM]


class Server(ThreadingHTTPServer):
    """Plays an embeddings server; tests set how it behaves."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.failures: list[int] = []
        self.most_texts = self.most_characters = 10**9
        self.answer: Callable[[list[str]], Any] = lambda texts: {
            "object": "list",
            "data": [{"index": index, "embedding": embedding(text)} for index, text in enumerate(texts)][::-1],
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def sizes(self) -> list[int]:
        return [len(body["input"]) for body in self.asked]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"path": self.path, **body})
        self.server.headers.append(dict(self.headers))
        texts = body["input"]
        if self.server.failures:
            return self.send(self.server.failures.pop(0), {"error": {"message": "not now"}})
        if len(texts) > self.server.most_texts or max(map(len, texts)) > self.server.most_characters:
            return self.send(422, {"error": {"message": "too much"}})
        return self.send(200, self.server.answer(texts))

    def send(self, status: int, content: Any) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        if status in (301, 307):
            self.send_header("Location", "http://127.0.0.1:9/v1/embeddings")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
