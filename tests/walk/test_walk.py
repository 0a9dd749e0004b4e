"""Every page of the portal in a browser: in five languages, at three widths, by keyboard, without scripts, on paper.

Each page is loaded in English, and the other languages take its place in the open window (`PAGES=all`: each is loaded).
Layout, targets and words are judged in every language at every width. axe takes longest: it judges each page once, in
the dark too, and from page to page in the next language and at the next width (`PAGES=all`: in each, at each; in the
dark and on paper at one).
`PAGES='queue|gap'` walks only the pages whose names have this in them, `LANGUAGES='es pt'` other languages.
"""

import os
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from portal.common.languages import BY_CODE
from tests.access.policy import POLICY
from tests.access.world import AccessWorld
from tests.walk.pages import ELSEWHERE, PAGES, Page
from tests.walk.report import Weight, keep, weigh
from tests.walk.window import CONTRAST, Window, unpacked

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = 390
LANGUAGES = tuple(os.environ.get("LANGUAGES", "en ko ja zh-hans fr").split())
OTHERS = [language for language in LANGUAGES if language != "en"]
WIDTHS = (320, PHONE, 1280)
PAPER = 673  # px: A4 without the margins of the sheet's own rule, at 96 to the inch
SLICES = 40
WANTED = os.environ.get("PAGES", "")
EVERYTHING = WANTED == "all"
CHOSEN = [page for page in PAGES if EVERYTHING or re.search(WANTED, page.name)]
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
Clients = dict[str, Client]


class Visit:
    """One page, seen in every way; ``found`` says what is wrong with it where."""

    def __init__(self, window: Window, world: AccessWorld, page: Page, number: int) -> None:
        self.window, self.world, self.page = window, world, page
        # Numbers of neighbours differ in both, so that pages of a kind are judged in all languages at all widths.
        self.language, self.width = LANGUAGES[number % len(LANGUAGES)], WIDTHS[number % len(WIDTHS)]
        self.found: list[str] = []

    def note(self, where: str, problems: list[str]) -> None:
        self.found += [f"{self.page.name} {where}: {text}" for text in dict.fromkeys(problems)]

    def walk(self) -> Weight:
        weight = self.load()
        if not self.found:
            self.by_keyboard()
            if "en" in LANGUAGES:
                self.in_language("en")
            self.window.resize(PHONE)
            doors = self.window.tab.evaluate("walk.doors()")
            for language in OTHERS:
                self.show(language)
                self.in_language(language)
            if self.page.route != "styleguide":  # shows buttons and forms that lead nowhere
                self.without_scripts(doors)
        return weight

    def load(self) -> Weight:
        path = self.page.path(self.world)
        response = self.window.ask(path)
        self.window.known = {path: response}
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            self.note("en", [f"answers {response.status_code} {response.get('Content-Type')}"])
        if EVERYTHING:
            self.window.cdp.send("Network.enable")
            self.window.cdp.send("Network.emulateNetworkConditions", SLOW)
        self.window.open(path)
        vitals = self.window.tab.evaluate("walk.vitals()")
        if EVERYTHING:
            self.window.cdp.send("Network.emulateNetworkConditions", {**SLOW, "latency": 0, "downloadThroughput": -1})
        files = [file.removeprefix(self.window.site) for file in vitals["files"]]
        self.note("en", [f"asks elsewhere for {file}" for file in files if not file.startswith("/")])
        weight = weigh(self.page.name, "en", len(response.content), [one for one in files if "/static/" in one], vitals)
        self.note("en", [*self.window.said, *weight.over])
        return weight

    def by_keyboard(self) -> None:
        # What stands above and below the page's own part is the same for everybody on all their pages.
        part = "body" if self.page.route in ("home", "home-mine") else "#main"
        stops = self.window.tab.evaluate("(part) => walk.listen(part)", part)
        for _ in range(stops):
            self.window.tab.keyboard.press("Tab")
        self.note("by keyboard", self.window.wrong("tabbed"))

    def show(self, language: str) -> None:
        path = self.page.path(self.world, language)
        if EVERYTHING:
            self.window.open(path)
        else:
            self.window.become(unpacked(self.window.ask(path, packed=False)).decode())

    def in_language(self, language: str) -> None:
        self.note(language, self.window.wrong("words", BY_CODE[language].tag, self.page.is_public))
        # The nearest first: the next language begins where the one before ended.
        for width in sorted(WIDTHS, key=lambda width: abs(width - self.window.width)):
            where = f"{language} {width}px"
            self.window.resize(width)
            self.note(where, self.window.wrong("layout"))
            if EVERYTHING or (language, width) == (self.language, self.width):
                self.note(where, self.window.axe())
            if width == self.width and (EVERYTHING or language == self.language):
                self.in_other_media(where)

    def in_other_media(self, where: str) -> None:
        with self.window.seen(color_scheme="dark"):
            self.note(f"{where} dark", self.window.axe(CONTRAST))
        with self.window.seen(forced_colors="active"):
            self.note(f"{where} forced colours", self.window.wrong("forced"))
        with self.window.seen(media="print"):
            self.window.resize(PAPER)
            self.note(f"{where} print", self.window.wrong("paper"))

    def without_scripts(self, doors: list[str]) -> None:
        self.window.open(self.page.path(self.world), WIDTHS[0], scripts=False)
        self.note("without scripts", self.window.wrong("plain", doors))


@pytest.mark.parametrize("part", range(SLICES))
def test_page_has_nothing_wrong_in_any_language_at_any_width(
    part: int, window: Window, world: AccessWorld, clients: Clients
) -> None:
    found, weights = [], []
    for number in range(part, len(CHOSEN), SLICES):
        page = CHOSEN[number]
        window.client = clients[page.persona]
        visit = Visit(window, world, page, number)
        weights.append(visit.walk())
        found += visit.found
    keep(weights, {page.name for page in PAGES})
    assert not found, "\n".join(found)


def excused() -> Iterator[Page]:
    for route, variants in POLICY.items():
        for variant, line in variants.items():
            if line.read and {route, f"{route}[{variant}]"} & set(ELSEWHERE):
                yield Page(route, variant, line)


def test_what_is_not_walked_answers_no_page(window: Window, world: AccessWorld, clients: Clients) -> None:
    pages = []
    for page in excused():
        window.client = clients[page.persona]
        answer = window.ask(page.path(world))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            pages.append(page.name)
    assert pages == []
