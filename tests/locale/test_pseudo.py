"""The pseudo-locale: what it keeps, and that every word of the interface passes through it."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, TextField
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from portal.common import pseudo
from portal.common.languages import LANGUAGES, babel_locale
from tests.conftest import World

WORD = re.compile(r"[A-Za-z][A-Za-z'’-]{2,}")
BRACKETED = re.compile(r"\[[^\[\]]*\]")
SHOWN = ("aria-label", "title", "placeholder", "alt", "data-label", "content")
# Elements whose text is not the interface's: code, styles, and texts marked as being in a language of their own.
SILENT = ("script", "style", "code", "time", "svg", "kbd", "pre")
NAMES = "iclei urbanlink https http csv json xlsx atom html example org mail www api trl ocds skos openapi rfc"
PAGES = (
    ("visitor", "", "about/", "help/", "help/cities/", "help/moderators/", "privacy/", "accessibility/", "gap/"),
    ("visitor", "demands/", "demands/?stage=idea", "solutions/", "programmes/", "account/login/"),
    ("visitor", "account/signup/", "demands/{demand}/", "solutions/{solution}/", "ranking/"),
    (
        "city_approver",
        "my/",
        "demands/new/",
        "demands/{demand}/edit/",
        "demands/{demand}/check/",
        "demands/{demand}/matches/",
    ),
    ("city_approver", "demands/{demand}/texts/ko/", "account/", "my/notices/", "my/notices/settings/", "own-list/"),
    ("provider_approver", "my/", "solutions/{solution}/revise/", "solutions/{solution}/demands/", "solutions/new/"),
    ("moderator", "my/", "queue/", "solutions/{solution}/texts/"),
    ("programme", "my/", "workspace/", "workspace/new/"),
    ("neutrality", "my/", "neutrality/"),
)


@pytest.fixture(autouse=True)
def _stands_here(settings: Any) -> None:
    settings.PSEUDO_LOCALE = True


@pytest.fixture
def _active() -> Iterator[None]:
    with translation.override("en"):
        pseudo.activate()
        yield


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Save", "[Šàṽé ññ]"),
        ("", ""),
        (" \n", " \n"),
        (" a ", " [à] "),
        ("%(count)s of {most}", "[%(count)s öƒ {most} ññ]"),
        ('See <a href="/x">here</a>&nbsp;', '[Šéé <a href="/x">ĥéŕé</a>&nbsp; ñññ]'),
    ],
)
def test_words_change_and_everything_else_stays(text: str, there: str) -> None:
    assert pseudo.pseudo(text) == there


def test_text_grows_by_two_fifths() -> None:
    text = "What a city wants to achieve, in one sentence, without naming a product."
    assert 1.38 < len(pseudo.pseudo(text)) / len(text) < 1.6


@pytest.mark.usefixtures("_active")
def test_every_road_of_gettext_leads_through_it() -> None:
    found = [
        gettext("Save"),
        pgettext("button", "Save"),
        ngettext("Save", "Keep", 1),
        npgettext("b", "Keep", "Save", 2),
    ]
    assert found == ["[Šàṽé ññ]"] * 4
    assert translation.get_language() == "en"


@pytest.mark.django_db
def test_links_stay_below_it_and_the_other_languages_lead_out(client: Any) -> None:
    html = client.get("/en-xa/en/").content.decode()
    assert '<html lang="en-XA"' in html
    assert 'href="/en-xa/en/demands/"' in html
    assert 'href="/ko/"' in html
    assert 'href="/en/demands/"' in client.get("/en/").content.decode()


@pytest.mark.django_db
def test_it_is_nowhere_without_its_setting(client: Any, settings: Any) -> None:
    settings.PSEUDO_LOCALE = False
    assert client.get("/en-xa/en/").status_code == 404


class Words(HTMLParser):
    """The words of a page that are the interface's and that no translation has touched."""

    def __init__(self, known: str, names: frozenset[str]) -> None:
        super().__init__()
        self.known, self.names, self.path, self.found = known, names, [], []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "meta" and given.get("name") != "description":
            return
        for name in SHOWN:
            self._look(given.get(name) or "", f"{tag} {name}")
        if tag not in ("input", "br", "img", "meta", "link", "hr", "use", "path", "rect", "circle", "source"):
            self.path.append((tag, "lang" in given and tag != "html"))

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(tag in SILENT or is_own for tag, is_own in self.path):
            self._look(data, self.path[-1][0] if self.path else "")

    def _look(self, text: str, where: str) -> None:
        """What stands outside brackets has to be of a record, or a name."""
        rest, before = text, None
        while rest != before:
            rest, before = BRACKETED.sub(" | ", rest), rest
        # A record's text inside brackets opens them: “[Ţö ñññ” and the rest are ours as well.
        rest = re.sub(r"\S*[À-ɏ@/_\d]\S*", " | ", rest)
        for part in re.split(r"[|·:;,()“”\n\[\]–…]+", rest):
            words = [word for word in WORD.findall(part) if word.casefold() not in self.names]
            if words and " ".join(part.split()).casefold() not in self.known:
                self.found.append(f"{where}: {' '.join(text.split())[:80]}")


@cache
def names() -> frozenset[str]:
    """What is the same in every language, or comes from Unicode CLDR."""
    locale = babel_locale("en")
    texts = [NAMES, *locale.territories.values(), *locale.languages.values(), *locale.currencies.values()]
    texts += [word for months in locale.months["format"].values() for word in months.values()]
    texts += [language.endonym for language in LANGUAGES] + list(locale.currencies)
    return frozenset(word.casefold() for text in texts for word in WORD.findall(str(text)))


def content() -> str:
    """The texts of the records, and of the vocabulary, which is translated in the database."""
    found: list[str] = []
    for model in apps.get_models():
        fields = [f.name for f in model._meta.concrete_fields if isinstance(f, CharField | TextField)]
        if fields and model._meta.app_label not in ("sessions", "contenttypes", "admin", "jobs", "auth"):
            for row in model._base_manager.values_list(*fields):
                found += [" ".join(str(text).split()).casefold() for text in row if text]
    return "\n".join(found)


@pytest.mark.django_db
def test_no_word_of_the_interface_escapes_translation(client_of: Any, world: World) -> None:
    known, escaped = content(), []
    for persona, *pages in PAGES:
        client = client_of(world.users[persona])
        for page in pages:
            address = page.format(demand=world.demand.public_id, solution=world.solution.public_id)
            answer = client.get(f"/en-xa/en/{address}", follow=True)
            assert answer.status_code == 200, address
            words = Words(known, names())
            words.feed(answer.content.decode())
            escaped += [f"{persona} /{address} {one}" for one in dict.fromkeys(words.found)]
    assert not escaped, "\n".join(escaped)
