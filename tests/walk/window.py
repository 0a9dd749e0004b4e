"""A browser window whose pages come from this process: rendered by a test client inside the module's transaction.

So the world is made once and never committed, nobody signs in twice, and the browser keeps style and scripts, which
come from a server of files. What is asked of a page stands in checks.js; what need not be loaded goes into room.py.
"""

import base64
import contextvars
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.test import Client
from playwright.sync_api import Browser, CDPSession

from tests.journeys.accessibility import RULES
from tests.journeys.windows import PATIENCE
from tests.walk.room import CHECKS, CONTRAST, MEDIA

LOW = 700  # px: what is not seen is not painted


class Files(SimpleHTTPRequestHandler):
    """The collected static files, as long in the browser's cache as a session lasts."""

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=86400, immutable")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def file_server(folder: Path) -> Iterator[str]:
    """Serves ``folder`` from a thread of its own; yields its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder))) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Window:
    """One tab. ``client`` answers for whatever the tab asks for that is no file."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.site, self.tab = site, browser.new_context().new_page()
        self.tab.set_default_timeout(PATIENCE)
        self.tab.emulate_media(reduced_motion="reduce")  # no colour is measured on its way to another
        self.client: Client | None = None
        self.known: dict[str, Any] = {}  # answers that are there already, by path
        self.width = 0
        self.said: list[str] = []
        self._home = contextvars.copy_context()
        self._is_plain = False
        self.cdp: CDPSession = self.tab.context.new_cdp_session(self.tab)
        self.cdp.on("Fetch.requestPaused", self._answer)
        kinds = ("Document", "XHR", "Fetch")
        patterns = [{"urlPattern": f"{site}/*", "resourceType": kind} for kind in kinds]
        self.cdp.send("Fetch.enable", {"patterns": patterns})
        self.tab.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.tab.on("pageerror", lambda error: self.said.append(f"thrown: {error}"))

    def ask(self, path: str, *, packed: bool = True) -> Any:
        """The answer of the portal, packed as a browser would get it."""
        assert self.client is not None
        headers = {"host": self.site.removeprefix("http://"), "accept-language": "en"}
        return self.client.get(path, headers=headers | ({"accept-encoding": "br, gzip"} if packed else {}))

    def _answer(self, event: dict[str, Any]) -> None:
        # In the context of the test: Django keeps connections and languages of each context apart.
        path = event["request"]["url"].removeprefix(self.site)
        response = self.known.get(path) or self._home.copy().run(self.ask, path)
        headers = [{"name": name, "value": value} for name, value in response.items()]
        headers = [one for one in headers if one["name"].lower() != "content-encoding"]
        body = {"body": base64.b64encode(unpacked(response)).decode()}
        answer = {"requestId": event["requestId"], "responseCode": response.status_code, "responseHeaders": headers}
        self.cdp.send("Fetch.fulfillRequest", {**answer, **body})

    def open(self, path: str, width: int = 390, *, scripts: bool = True) -> None:
        """Load the page for real. Without scripts, those of the page only: what we ask still runs."""
        if scripts == self._is_plain:
            self.cdp.send("Emulation.setScriptExecutionDisabled", {"value": not scripts})
            self._is_plain = not scripts
        self.said.clear()
        self._home = contextvars.copy_context()
        self.resize(width)
        self.tab.goto(f"{self.site}{path}")
        self.tab.evaluate(CHECKS)

    def resize(self, width: int, height: int = LOW) -> None:
        if width == self.width:
            return
        self.width = width
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.cdp.send("Emulation.setDeviceMetricsOverride", size)

    def wrong(self, check: str, *arguments: Any) -> list[str]:
        found: list[str] = self.tab.evaluate(f"(given) => walk.{check}(...given)", list(arguments))
        return found

    def axe(self, rules: dict[str, Any] = RULES) -> list[str]:
        """Every rule, of every element: nothing that was judged before is trusted."""
        if not self.tab.evaluate("typeof window.axe === 'object'"):
            self.tab.evaluate(AXE_SCRIPT)
        violations = self.tab.evaluate("(options) => axe.run(options).then((result) => result.violations)", rules)
        return [
            f"axe {violation['id']}: {violation['help']} – {node['html'][:160]} – {node['failureSummary']}"
            for violation in violations
            for node in violation["nodes"]
        ]

    def contrast(self) -> list[str]:
        return self.axe(CONTRAST)

    def see(self, **media: Any) -> None:
        """Dark, on paper or in forced colours; what is not named is as usual."""
        self.tab.emulate_media(**dict.fromkeys(MEDIA, "null") | media)


def unpacked(response: Any) -> bytes:
    body: bytes = b"".join(response.streaming_content) if response.streaming else response.content
    return gzip.decompress(body) if response.get("Content-Encoding") == "gzip" else body
