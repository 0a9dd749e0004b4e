"""Take the pictures of docs/screens.md and of the README anew, from a fresh demo.

    make reset && make run PORT=8155                                   # in one window
    .venv/bin/python docs/pictures/take.py http://127.0.0.1:8155       # in another

Each picture shows a page on a desk (1280 px) and on a telephone (390 px). The provider begins a new version on the way.
"""

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
DESK, PHONE = (1280, 900), (390, 844)
HEIGHT = 620  # of a picture, in which both stand side by side
PASSWORD = "urban-link-demo"  # noqa: S105 - everybody's, in the demo


def link(start: str, named: str) -> Callable[[Page], str]:
    """The first link of a page whose address holds ``named``."""

    def find(page: Page) -> str:
        page.goto(start)
        return page.locator(f'main a[href*="{named}"]').first.get_attribute("href") or ""

    return find


def section_of_a_solution(page: Page) -> str:
    """A listed solution is changed by a new version of it, which begins as a copy."""
    page.goto(f"{link('/en/my/', '/edit/freedom/')(page)}")
    if page.url.endswith("/revise/"):
        page.locator("main form button").first.click()
        page.wait_for_load_state()
    return page.url.partition("/edit/")[0].partition("/solutions")[2].join(("/en/solutions", "/edit/how/"))


def matches_of_a_demand(page: Page) -> str:
    return f"{link('/en/demands/?q=pump+houses', '/en/demands/D')(page)}matches/"


# Name → who looks, the page, and the language on the telephone.
PAGES: dict[str, tuple[str, str | Callable[[Page], str], str]] = {
    "home": ("", "/en/", "ko"),
    "demands": ("", "/en/demands/", "fr"),
    "demand": ("moderator", matches_of_a_demand, "es"),
    "match": ("city", link("/en/my/", "/matches/M"), "ko"),
    "wizard": ("city", link("/en/my/", "/edit/budget/"), "ko"),
    "editor": ("provider", section_of_a_solution, "fr"),
    "city": ("city", "/en/my/", "ko"),
    "provider": ("provider", "/en/my/", "fr"),
    "queue": ("moderator", "/en/queue/", "ko"),
    "introduction": ("city", link("/en/my/", "/introductions/M"), "fr"),
    "gap": ("", "/en/gap/", "ja"),
}
ALONE = {"explained-match": "demand"}  # for the top of the README, the desk alone


def main(site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        people = {who: signed_in(browser, site, who) for who in {who for who, _path, _language in PAGES.values()}}
        paths = {
            name: path if isinstance(path, str) else path(people[who]).removeprefix(site).partition("#")[0]
            for name, (who, path, _language) in PAGES.items()
        }
        for name, (who, _path, language) in PAGES.items():
            desk = shot(people[who], paths[name], DESK)
            phone = shot(people[who], paths[name].replace("/en/", f"/{language}/", 1), PHONE)
            save(beside(desk, phone), f"page-{name}")
        for name, page in ALONE.items():
            save(shot(people[PAGES[page][0]], paths[page], (1280, 1100)), name)
        browser.close()


def signed_in(browser: Browser, site: str, who: str) -> Page:
    page = browser.new_context(base_url=site).new_page()
    if who:
        page.goto("/en/account/login/")
        page.fill("[name=login]", f"{who}@demo.urbanlink.example")
        page.fill("[name=password]", PASSWORD)
        page.click("main form [type=submit]")
        page.wait_for_load_state()
    return page


def shot(page: Page, path: str, size: tuple[int, int]) -> Image.Image:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path)
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def beside(desk: Image.Image, phone: Image.Image) -> Image.Image:
    """Both at one height on a quiet ground."""
    parts = [
        one.resize((round(one.width * HEIGHT / one.height), HEIGHT), Image.Resampling.LANCZOS) for one in (desk, phone)
    ]
    sheet = Image.new("RGB", (sum(one.width for one in parts) + 60, HEIGHT + 40), "#d3d6d0")
    sheet.paste(parts[0], (20, 20))
    sheet.paste(parts[1], (parts[0].width + 40, 20))
    return sheet


def save(picture: Image.Image, name: str) -> None:
    picture.save(HERE / f"{name}.webp", quality=82, method=6)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
