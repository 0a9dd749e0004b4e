"""A tab that never loads a page: pages are put into a frame of it, one after the other, and judged at each width.

Loading a page, giving the browser axe for it and painting it at three widths cost several times what judging it does.
The frame keeps axe and the portal's style, stands outside of what is painted, and gets its width from its own script,
so that a page in one language is one call. Scripts of pages do not run in it; what they did where the page was loaded
comes with the page. See judging.js.
"""

from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.templatetags.static import static
from playwright.sync_api import Browser, Route

from tests.journeys.accessibility import RULES
from tests.journeys.windows import PATIENCE

HERE = Path(__file__).parent
CHECKS, JUDGING = ((HERE / name).read_text(encoding="utf-8") for name in ("checks.js", "judging.js"))
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"], "preload": False}
MEDIA = ("color_scheme", "forced_colors", "media")
ROOM = '<!doctype html><iframe src="/frame" style="position: fixed; left: -3000px; border: 0; height: 700px"></iframe>'
FRAME = '<!doctype html><html><head><link rel="stylesheet" href="{}"></head><body></body></html>'


class Room:
    """``scripts=False``: for those to whom scripts are switched off; what we ask still runs."""

    def __init__(self, browser: Browser, site: str, *, scripts: bool = True) -> None:
        self.tab = browser.new_context().new_page()
        self.tab.set_default_timeout(PATIENCE)
        self.tab.emulate_media(reduced_motion="reduce")  # no colour is measured on its way to another
        self._furnish(site, scripts)
        self._scripts = scripts

    def _furnish(self, site: str, scripts: bool) -> None:
        def answer(route: Route) -> None:
            body = ROOM if route.request.url.endswith("/room") else FRAME.format(static("portal/app.css"))
            route.fulfill(body=body, content_type="text/html")

        for place in ("room", "frame"):
            self.tab.route(f"{site}/{place}", answer)
        if not scripts:
            self.tab.context.new_cdp_session(self.tab).send("Emulation.setScriptExecutionDisabled", {"value": True})
        self.tab.goto(f"{site}/room")
        self.tab.unroute_all()  # with a route, the browser keeps no file
        self.frame = self.tab.frames[1]
        self.frame.evaluate(f"{CHECKS};{AXE_SCRIPT};{JUDGING}")

    def enter(self, html: str, width: int) -> None:
        self.frame.evaluate("([html, scripts]) => walk.become(html, scripts)", [html, self._scripts])
        self.resize(width)

    def resize(self, width: int) -> None:
        self.frame.evaluate("(width) => room.resize(width)", width)

    def judge(self, html: str, tag: str, is_public: bool, widths: tuple[int, ...]) -> dict[str, list[str]]:
        """What is wrong with its words, under "", and with how it stands at each width."""
        given = [html, tag, is_public, widths, RULES]
        found: dict[str, list[str]] = self.frame.evaluate("(given) => room.judge(...given)", given)
        return found

    def wrong(self, check: str, *arguments: Any) -> list[str]:
        found: list[str] = self.frame.evaluate(f"(given) => walk.{check}(...given)", list(arguments))
        return found

    def contrast(self) -> list[str]:
        found: list[str] = self.frame.evaluate("(rules) => room.contrast(rules)", CONTRAST)
        return found

    def see(self, **media: Any) -> None:
        """Dark, on paper or in forced colours; what is not named is as usual."""
        self.tab.emulate_media(**dict.fromkeys(MEDIA, "null") | media)
