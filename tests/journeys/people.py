"""People at their browsers: each has a window and a session of their own, a language, a width, scripts or none.

Journeys name fields and values of buttons, not words: the same steps then hold in each of the seven languages.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from tests.factories.accounts import PASSWORD
from tests.journeys.windows import Windows

PHONE = 390


class People:
    """One window for each person, signed in through a session of their own."""

    def __init__(self, windows: Windows, site: str, java_script: bool) -> None:
        self.windows, self.site, self.java_script = windows, site, java_script

    def page(self, user: Any, language: str, width: int = 1280) -> Page:
        """A page of ``user``; of somebody without an account where that is None."""
        page = self.windows.take(java_script=self.java_script, language=language, width=width)
        if user is not None:
            page.context.add_cookies([{**session_of(user), "url": self.site}])
        return page


def session_of(user: Any) -> dict[str, str]:
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {"name": name, "value": client.cookies[name].value}


def arriving(page: Page) -> AbstractContextManager[Any]:
    """What is done within leads to another page, whose scripts have run afterwards: a click or key waits for nothing.

    What follows without it may still meet the page before, or read the database before the answer is written.
    """
    return page.expect_navigation(wait_until="domcontentloaded")


def may_sign_in(user: Any, language: str = "ko") -> Any:
    """Somebody who can sign in at the door: journeys that begin inside bring a session along."""
    user.set_password(PASSWORD)
    user.language = language
    user.save(update_fields=["password", "language"])
    return user


def sign_in_again(page: Page, person: Any) -> None:
    assert "/account/login/" in page.url
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    press(page)


def proceed(page: Page) -> None:
    """Continue; buttons with a name do something else on the way."""
    go(page, page.locator("main form.form button[type=submit]:not([name])"))


def holds(page: Page, given: dict[str, str]) -> None:
    for name, value in given.items():
        one = "" if page.locator(f'main form.form [name="{name}"]').count() == 1 else ":checked"
        expect(page.locator(f'main form.form [name="{name}"]{one}')).to_have_value(value)


def lose_the_session(page: Page, person: Any, given: dict[str, str]) -> None:
    """The cookie is gone; Continue asks to sign in, and after that the same screen holds what was typed."""
    here = page.url
    page.context.clear_cookies(name=session_of(person)["name"])
    proceed(page)
    sign_in_again(page, person)
    assert page.url == here
    holds(page, given)


def on_another_device(people: "People", page: Page, person: Any) -> Page:
    """Follow "Continue on another device", and open the link it shows where nobody is signed in yet."""
    go(page, page.locator('a[href*="/my/continue/"]'))
    assert fits(page)
    link = page.locator("main p.measure a").inner_text()
    other = people.page(None, "ko", PHONE)
    other.goto(people.site + "/ko/" + link.partition("/ko/")[2])
    sign_in_again(other, person)
    return other


def go(page: Page, link: Locator) -> None:
    """Click the first of these and wait for the page it leads to."""
    with arriving(page):
        link.first.click()


def press(page: Page, name: str = "") -> None:
    """The button with this `value` of a decision, or the form's own first button."""
    go(page, page.locator(f'button[name="decision"][value="{name}"]' if name else "main form button[type=submit]"))


def decide(page: Page, name: str, **answers: str) -> None:
    """Open the decision where it is folded, answer what it asks, press it."""
    button = page.locator(f'button[name="decision"][value="{name}"]')
    if button.count() and not button.first.is_visible():
        page.locator("details.decision", has=button).locator("summary").click()
    form = page.locator("form", has=button)
    _fill(form, answers, exact=False)
    press(page, name)


def send(page: Page, **answers: Any) -> None:
    """Answer the form that asks for these, unfold it where it is folded, and press its first button."""
    form = page.locator("main form")
    for field in answers:
        form = form.filter(has=page.locator(f'[name="{field}"]'))
    form = form.first
    if not form.is_visible():
        page.locator("main details", has=page.locator(f'[name="{field}"]')).locator("summary").first.click()
    _fill(form, answers, exact=True)
    go(page, form.locator("button[type=submit]"))


def _fill(form: Locator, answers: dict[str, Any], *, exact: bool) -> None:
    for field, value in answers.items():
        # Decisions share a page, so each has a prefix.
        named = f'[name="{field}"]' if exact else f'[name$="{field}"]'
        _give(form, named, value)


def _give(form: Locator, named: str, value: Any) -> None:
    box = form.locator(named)
    kind = box.first.get_attribute("type")
    if kind in ("radio", "checkbox"):
        for one in [value] if isinstance(value, str) else value:
            form.locator(named if one == "on" else f'{named}[value="{one}"]').check()
    elif kind == "file":
        box.set_input_files(value)
    elif box.first.evaluate("e => e.tagName") == "SELECT":
        box.select_option(value)
    else:
        box.fill(value)


def follow(page: Page, path: str) -> None:
    """The first link of the page to this path: what no link leads to, nobody finds."""
    go(page, page.locator(f'a[href="{path}"]'))


def fits(page: Page) -> bool:
    """Whether nothing hangs out at the side."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


def mails_to(address: str, outbox: Iterable[Any]) -> list[Any]:
    return [letter for letter in outbox if address in letter.to]
