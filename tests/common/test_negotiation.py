"""Which language answers: the address's, else the account's, else the browser's, else English."""

from typing import Any

import pytest
from django.core import mail

from portal.common.negotiation import in_language
from tests.conftest import World

pytestmark = pytest.mark.django_db
PAGES = ("/", "/demands/?q=bus")


def asked(client: Any, address: str, accept: str) -> Any:
    return client.get(address, headers={"Accept-Language": accept} if accept else {})


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("de-DE,de;q=0.9", "en"),
        ("de-DE,fr;q=0.5,ja;q=0.8", "ja"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("ja-JP", "ja"),
        ("pt-BR,pt;q=0.9", "pt"),
        ("es-MX", "es"),
        ("fr-CA", "fr"),
        ("zh-CN", "zh-hans"),
        ("zh-Hans-CN", "zh-hans"),
        # The traditional script is not ours; the simplified one is the nearest that we have.
        ("zh-TW,zh;q=0.9", "zh-hans"),
        ("zh-Hant-HK", "zh-hans"),
        ("*", "en"),
        ("not a header;;", "en"),
    ],
)
@pytest.mark.parametrize("address", PAGES)
def test_browser_decides_where_nothing_else_does(client: Any, address: str, accept: str, language: str) -> None:
    answer = asked(client, address, accept)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{language}{address}")
    assert set(answer.headers["Vary"].split(", ")) >= {"Accept-Language", "Cookie"}


@pytest.mark.parametrize("address", PAGES)
def test_account_goes_before_the_browser(client_of: Any, world: World, address: str) -> None:
    world.city_editor.language = "ko"
    world.city_editor.save(update_fields=["language"])
    answer = asked(client_of(world.city_editor), address, "fr")
    assert answer.headers["Location"] == f"/ko{address}"


def test_address_goes_before_account_and_browser(client_of: Any, world: World) -> None:
    world.city_editor.language = "ko"
    world.city_editor.save(update_fields=["language"])
    answer = asked(client_of(world.city_editor), "/pt/", "fr")
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, "pt")
    assert '<html lang="pt"' in answer.content.decode()


@pytest.mark.parametrize(
    ("account", "accept", "language"),
    [("ko", "fr", "fr"), ("ko", "", "ko"), ("ko", "de", "ko"), (None, "zh-TW", "zh-hans")],
)
def test_program_says_its_language_by_the_header(
    client: Any, client_of: Any, world: World, account: str | None, accept: str, language: str
) -> None:
    if account:
        world.city_editor.language = account
        world.city_editor.save(update_fields=["language"])
        client = client_of(world.city_editor)
    answer = asked(client, "/api/v1/demands/", accept)
    assert (answer.headers["Content-Language"], "Accept-Language" in answer.headers["Vary"]) == (language, True)


def test_health_checks_ask_for_no_account(client: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/livez")


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("/en/mine/?a=1", "/ko/mine/?a=1"),
        ("/zh-hans/", "/ko/"),
        ("/api/v1/", "/api/v1/"),
        ("http://127.0.0.1:8000/en/mine/#a", "http://127.0.0.1:8000/ko/mine/#a"),
        ("", ""),
    ],
)
def test_address_is_put_into_another_language(url: str, there: str) -> None:
    assert in_language(url, "ko") == there


def test_whoever_signs_in_goes_on_in_the_language_of_the_account(client: Any, world: World) -> None:
    person = world.city_editor
    person.language = "ko"
    person.set_password("a long password of 2026")
    person.save()
    data = {"login": person.email, "password": "a long password of 2026"}
    assert client.post("/en/account/login/", data).headers["Location"].startswith("/ko/")
    client.logout()
    answer = client.post("/en/account/login/?next=/en/demands/", data)
    assert answer.headers["Location"] == "/en/demands/"


def test_link_in_a_mail_leads_to_the_readers_language(client: Any, world: World) -> None:
    person = world.city_editor
    person.language = "ja"
    person.save(update_fields=["language"])
    client.post("/en/account/password/reset/", {"email": person.email})
    assert "/ja/account/password/reset/key/" in mail.outbox[0].body


def test_page_in_another_language_offers_to_keep_it_and_stays(client_of: Any, world: World) -> None:
    client = client_of(world.city_editor)
    assert "/account/language/" not in client.get("/en/demands/?q=bus").content.decode()
    assert (
        '<input type="hidden" name="next" value="/fr/demands/?q=bus">'
        in client.get("/fr/demands/?q=bus").content.decode()
    )
    answer = client.post("/fr/account/language/", {"next": "/fr/demands/?q=bus"})
    world.city_editor.refresh_from_db()
    assert (answer.headers["Location"], world.city_editor.language) == ("/fr/demands/?q=bus", "fr")


def test_way_back_never_leads_to_another_site(client_of: Any, world: World) -> None:
    answer = client_of(world.city_editor).post("/fr/account/language/", {"next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/fr/account/"


def test_search_engines_find_seven_languages_and_one_for_all_others(client: Any) -> None:
    html = client.get("/fr/demands/?q=bus").content.decode()
    tags = {"en": "en", "es": "es", "fr": "fr", "pt": "pt", "ko": "ko", "ja": "ja", "zh-Hans": "zh-hans"}
    links = [f'hreflang="{tag}" href="http://127.0.0.1:8000/{code}/demands/"' for tag, code in tags.items()]
    links.append('hreflang="x-default" href="http://127.0.0.1:8000/demands/"')
    assert [link for link in links if link not in html] == []
