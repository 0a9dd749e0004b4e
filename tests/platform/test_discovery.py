"""What search engines, previews and home screens are told: all that everybody may read, in seven languages, no more."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from cities.models import Demand
from portal.common.languages import LANGUAGES
from portal.discovery import PAGES, InEveryLanguage
from tests.conftest import World
from tests.factories import DemandFactory, SolutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = "https://links.example.org"


def places(client: Client, section: str) -> list[str]:
    return re.findall("<loc>(.*?)</loc>", client.get(f"/sitemap-{section}.xml").content.decode())


def test_sitemap_names_each_public_demand_in_seven_languages_and_no_other(client: Client, world: World) -> None:
    DemandFactory(body=world.city, state="draft", published_at=None)
    DemandFactory(body=world.city, visibility="members")
    codes = ("en", "es", "fr", "pt", "ko", "ja", "zh-hans")
    here = f"demands/{world.demand.public_id}/"
    assert places(client, "demands") == [f"https://links.example.org/{code}/{here}" for code in codes]


def test_sitemap_names_only_listed_solutions(client: Client, world: World) -> None:
    SolutionFactory(provider=world.provider, state="draft", listed_at=None)
    assert {place.rpartition("/solutions/")[2] for place in places(client, "solutions")} == {
        f"{world.solution.public_id}/"
    }


def test_sitemap_gives_each_address_those_of_the_other_languages(client: Client, world: World) -> None:
    text = client.get("/sitemap-pages.xml").content.decode()
    others = re.findall(r'hreflang="(.*?)" href="(.*?)"', text[: text.index("</url>")])
    assert others[-2:] == [
        ("zh-Hans", "https://links.example.org/zh-hans/"),
        ("x-default", "https://links.example.org/"),
    ]


def by_django(records: list[tuple[str, Any]]) -> str:
    """The file as Django's own template has it."""
    site, entries = "https://links.example.org", []
    for path, changed in records:
        others = [{"location": f"{site}/{one.code}{path}", "lang_code": one.tag} for one in LANGUAGES]
        others.append({"location": f"{site}{path}", "lang_code": "x-default"})
        entries += [{"location": one["location"], "lastmod": changed, "alternates": others} for one in others[:-1]]
    return render_to_string("sitemap.xml", {"urlset": entries})


def test_file_of_the_sitemap_is_what_djangos_template_makes_of_it(client: Client, world: World, settings: Any) -> None:
    # Late on a day of Greenwich it is the next one in Seoul; an address may have what has to be escaped.
    settings.TIME_ZONE = "Asia/Seoul"
    moments = [datetime(2026, 3, 1, hour, 30, tzinfo=UTC) for hour in (11, 23)]
    records = [DemandFactory(body=world.city, public_id=name) for name in ("D1&<'", 'D2"')]
    for record, moment in zip(records, moments, strict=True):
        Demand.objects.filter(pk=record.pk).update(updated_at=moment)
    rows = Demand.objects.order_by("pk")
    found = [(row.get_absolute_url().removeprefix("/en"), row.updated_at) for row in rows]
    assert len(found) == 3
    assert client.get("/sitemap-demands.xml").content.decode() == by_django(found)
    pages = [(reverse(name).removeprefix("/en"), None) for name in PAGES]
    assert client.get("/sitemap-pages.xml").content.decode() == by_django(pages)
    assert client.get("/sitemap-events.xml").content.decode() == by_django([])


def test_file_after_the_last_is_none_and_the_first_always_there(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InEveryLanguage, "limit", 2)
    for _number in range(3):
        DemandFactory(body=world.city)
    asked = {page: client.get(f"/sitemap-demands.xml?p={page}") for page in ("1", "2", "3", "0", "last", "9" * 30)}
    assert [answer.status_code for answer in asked.values()] == [200, 200, 404, 404, 404, 404]
    found = [re.findall("<loc>[^<]*/en/demands/([^<]*)/</loc>", asked[page].content.decode()) for page in ("1", "2")]
    keys = list(Demand.objects.order_by("pk").values_list("public_id", flat=True))
    assert found == [keys[:2], keys[2:]]
    assert client.get("/sitemap.xml").content.decode().count("sitemap-demands.xml") == 2
    assert [client.get(f"/sitemap-events.xml?p={page}").status_code for page in (1, 2)] == [200, 404]


def test_every_section_of_the_sitemap_can_be_read(client: Client, world: World) -> None:
    index = client.get("/sitemap.xml").content.decode()
    files = re.findall(r"<loc>https?://testserver(.*?)</loc>", index)
    assert len(files) == 8
    assert [client.get(file).status_code for file in files] == [200] * 8


def test_sitemap_takes_no_form(client: Client) -> None:
    assert [client.post(path).status_code for path in ("/sitemap.xml", "/sitemap-pages.xml")] == [405, 405]


def test_robots_are_led_to_the_sitemap_and_kept_from_machines_doors(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /api/\n" in text
    assert text.endswith("\nSitemap: https://links.example.org/sitemap.xml\n")


def test_manifest_names_icons_that_are_there(client: Client) -> None:
    icons = client.get("/manifest.webmanifest").json()["icons"]
    answers = [client.get(icon["src"]) for icon in icons]
    for answer in answers:
        answer.close()
    assert [answer.status_code for answer in answers] == [200, 200, 200]


@pytest.mark.parametrize(("path", "title"), [("/ko/gap/", "미충족"), ("/en/gap/", "gap")])
def test_preview_has_the_title_of_the_page_in_its_language(client: Client, path: str, title: str) -> None:
    page = client.get(path).content.decode()
    shown = re.search('<meta property="og:title" content="(.*?)">', page).group(1)
    assert title in shown
    assert f"<title>{shown} – UrbanLink</title>" in page


def test_page_is_packed_for_whoever_can_unpack_it(client: Client) -> None:
    page = client.get("/en/about/", headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < len(client.get("/en/about/").content) / 2
