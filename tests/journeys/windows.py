"""Browser windows that outlive the test: a new one costs Chromium more than loading two pages."""

from playwright.sync_api import Browser, Error, Page

PATIENCE = 60_000  # milliseconds; how long something takes says how busy the machine is
FORGET = "() => { try { localStorage.clear(); sessionStorage.clear(); } catch { /* no page of a site */ } }"


class Windows:
    """Each page has a context of its own, which starts without cookies and knows nothing of who had it before.

    What it keeps is the cache, in which only static files are. Other colours than usual want a context of their own.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[bool, list[Page]] = {True: [], False: []}
        self._taken: list[tuple[bool, Page]] = []

    def take(self, *, java_script: bool = True, language: str = "en", width: int = 1280) -> Page:
        """Given back by itself when the test is over."""
        free = self._free[java_script]
        page = free.pop() if free else self._browser.new_context(java_script_enabled=java_script).new_page()
        self._taken.append((java_script, page))
        page.context.set_extra_http_headers({"Accept-Language": language})
        page.set_viewport_size({"width": width, "height": 900})
        page.set_default_timeout(PATIENCE)
        return page

    def give_back(self) -> None:
        while self._taken:
            java_script, page = self._taken.pop()
            try:
                _forget(page)
            except Error:  # it crashed, or the test closed it
                page.context.close()
            else:
                self._free[java_script].append(page)


def _forget(page: Page) -> None:
    page.evaluate(FORGET)
    page.context.clear_cookies()
    page.emulate_media(media="null")
    page.goto("about:blank")
