"""Every page of the portal in a browser: in five languages, at three widths, by keyboard, without scripts, on paper.

Each page is loaded in English; then it, the other languages and what those get who have no scripts are put into rooms
(room.py) and judged there: words, layout, targets and axe in every language at every width; in the dark, in forced
colours and on paper once a page, from page to page in the next language and at the next width.
`PAGES=all` trusts nothing: each language is loaded, over a slow line, and axe asks every rule of every element.
`PAGES='queue|gap'` walks only the pages whose names have this in them, `SHARE=2/3` the second third of what is wanted,
`LANGUAGES='es pt'` other languages.
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
from tests.walk.room import Room
from tests.walk.window import Window, unpacked

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = 390
LANGUAGES = tuple(os.environ.get("LANGUAGES", "en ko ja zh-hans fr").split())
WIDTHS = (320, PHONE, 1280)
PAPER = 673  # px: A4 without the margins of the sheet's own rule, at 96 to the inch
SLICES = 40
WANTED = os.environ.get("PAGES", "")
EVERYTHING = WANTED == "all"
FIRST, STEP = map(int, os.environ.get("SHARE", "1/1").split("/"))
CHOSEN = [page for page in PAGES if EVERYTHING or re.search(WANTED, page.name)][FIRST - 1 :: STEP]
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
Clients = dict[str, Client]


class Visit:
    """One page, seen in every way; ``found`` says what is wrong with it where."""

    def __init__(self, window: Window, rooms: tuple[Room, Room], world: AccessWorld, page: Page, number: int) -> None:
        self.window, self.world, self.page = window, world, page
        self.room, self.plain_room = rooms
        # Numbers of neighbours differ in both, so that pages of a kind are judged in all languages at all widths.
        self.language, self.width = LANGUAGES[number % len(LANGUAGES)], WIDTHS[number % len(WIDTHS)]
        self.found: list[str] = []

    def note(self, where: str, problems: list[str]) -> None:
        self.found += [f"{self.page.name} {where}: {text}" for text in dict.fromkeys(problems)]

    def walk(self) -> Weight:
        weight = self.load()
        if not self.found:
            # With all that scripts did to it at the start.
            loaded = self.window.tab.evaluate("document.documentElement.outerHTML")
            self.by_keyboard()
            doors = self.window.tab.evaluate("walk.doors()")
            for language in LANGUAGES:
                if EVERYTHING:
                    self.in_window(language)
                else:
                    self.in_room(language, loaded if language == "en" else self.html(language))
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

    def html(self, language: str) -> str:
        path = self.page.path(self.world, language)
        return unpacked(self.window.known.get(path) or self.window.ask(path, packed=False)).decode()

    def in_room(self, language: str, html: str) -> None:
        found = self.room.judge(html, BY_CODE[language].tag, self.page.is_public, WIDTHS)
        for where, problems in found.items():
            self.note(f"{language} {where}", problems)
        if language == self.language:
            self.in_other_media(self.room, language)

    def in_window(self, language: str) -> None:
        self.window.open(self.page.path(self.world, language))
        self.note(language, self.window.wrong("words", BY_CODE[language].tag, self.page.is_public))
        for width in WIDTHS:
            self.window.resize(width)
            self.note(f"{language} {width}px", self.window.wrong("layout") + self.window.axe())
        self.in_other_media(self.window, language)

    def in_other_media(self, place: Window | Room, language: str) -> None:
        place.resize(self.width)
        where = f"{language} {self.width}px"
        place.see(color_scheme="dark")
        self.note(f"{where} dark", place.contrast())
        place.see(forced_colors="active")
        self.note(f"{where} forced colours", place.wrong("forced"))
        place.see(media="print")
        place.resize(PAPER)
        self.note(f"{where} print", place.wrong("paper"))
        place.see()

    def without_scripts(self, doors: list[str]) -> None:
        if EVERYTHING:
            self.window.open(self.page.path(self.world), WIDTHS[0], scripts=False)
            self.note("without scripts", self.window.wrong("plain", doors))
        else:
            self.plain_room.enter(self.html("en"), WIDTHS[0])
            self.note("without scripts", self.plain_room.wrong("plain", doors))


@pytest.mark.parametrize("part", range(SLICES))
def test_page_has_nothing_wrong_in_any_language_at_any_width(
    part: int, window: Window, rooms: tuple[Room, Room], world: AccessWorld, clients: Clients
) -> None:
    found, weights = [], []
    for number in range(part, len(CHOSEN), SLICES):
        page = CHOSEN[number]
        window.client = clients[page.persona]
        visit = Visit(window, rooms, world, page, number)
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
