"""The site's own pages over HTTP: language, links, errors, policy."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from portal import pages

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "es", "fr", "pt", "ko", "ja", "zh-hans")
TAGS = {code: "zh-Hans" if code == "zh-hans" else code for code in LANGUAGES}
NAMES = ("home", "about", "data-sources", "accessibility", "privacy")
NAMES += ("help", "help-cities", "help-providers", "help-moderators")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_page_says_its_language_and_where_the_others_are(client: Client, name: str, language: str) -> None:
    with translation.override(language):
        path = reverse(name)
    html = client.get(path).content.decode()
    assert f'<html lang="{TAGS[language]}"' in html
    assert set(re.findall(r'rel="alternate" hreflang="([^"]+)"', html)) == {*TAGS.values(), "x-default"}
    assert html.count("<h1") == 1


def test_x_default_answers_in_the_readers_language(client: Client) -> None:
    answer = client.get("/about/", headers={"accept-language": "ko,en;q=0.5"})
    assert (answer.status_code, answer["Location"]) == (302, "/ko/about/")


def test_every_link_of_the_frame_leads_somewhere(client: Client) -> None:
    """Navigation and footer leave out what has no address, so a lost page would go unnoticed otherwise."""
    html = client.get("/en/").content.decode()
    frame = html.split("<main")[0] + html.split("</main>")[1]
    links = set(re.findall(r'href="(/en/[^"]*)"', frame))
    assert {"/en/help/", "/en/accessibility/", "/en/privacy/"} <= links
    assert {link: client.get(link).status_code for link in links if client.get(link).status_code != 200} == {}


COMPONENTS = settings.BASE_DIR / "templates" / "components"
FRAME = "".join(path.read_text(encoding="utf-8") for path in COMPONENTS.glob("*.html"))


@pytest.mark.parametrize("name", sorted(set(re.findall(r'nav_(?:link|item) "([^"]+)"', FRAME))))
def test_every_name_in_the_frame_has_an_address(name: str) -> None:
    """Menus leave out what the site does not have, so a page that lost its name would vanish without a word."""
    assert reverse(name).startswith("/")


def test_frame_has_the_main_pages(client: Client) -> None:
    html = client.get("/en/").content.decode()
    nav = html.split('<ul class="nav">')[1].split("</ul>")[0]
    pages = ["Demands", "Solutions", "Programmes", "The gap", "How ranking works", "Help"]
    assert re.findall(r">([^<]+)</a>", nav) == pages


def menu_of(client: Client) -> list[str]:
    html = client.get("/en/").content.decode()
    panel = html.split('class="header__account"')[1].split("</nav>")[0].split("menu--main")[0]
    return re.findall(r"<li>(?:<form.*?<button[^>]*>|<a [^>]*>)([^<]+)", panel, re.DOTALL)


def test_menu_of_a_moderator_leads_to_the_queue(client_of: Any, world: Any) -> None:
    assert "Moderation queue" in menu_of(client_of(world.moderator))


@pytest.mark.parametrize("persona", ["city_editor", "provider_admin"])
def test_menu_of_a_member_leads_to_matches_and_not_to_the_queue(client_of: Any, world: Any, persona: str) -> None:
    menu = menu_of(client_of(getattr(world, persona)))
    assert {"Matches", "Introductions", "Sign out"} <= set(menu)
    assert "Moderation queue" not in menu


def test_menu_of_a_newcomer_has_nothing_that_is_not_theirs(client_of: Any, world: Any) -> None:
    menu = menu_of(client_of(world.newcomer))
    assert "Sign out" in menu
    assert not {"Matches", "Introductions", "Moderation queue"} & set(menu)


def test_home_shows_the_figures_of_the_gap(client: Client, world: Any) -> None:
    from matching.gap import headline

    figures = headline()
    html = client.get("/en/").content.decode()
    shown = [int(value) for value in re.findall(r'figure__value">(\d+)<', html)]
    assert shown == [figures.open_demands, figures.live_solutions, figures.gap_demands]
    assert figures.open_demands == 1


def test_home_shows_published_demands_and_no_draft(client: Client, world: Any) -> None:
    from tests.factories import DemandFactory

    draft = DemandFactory(body=world.city, state="draft", title_en="Unseen draft", published_at=None)
    html = client.get("/en/").content.decode()
    assert world.demand.title_en in html
    assert draft.title_en not in html


def test_home_without_demands_says_why(client: Client) -> None:
    assert "No demand is published yet" in client.get("/en/").content.decode()


def test_unknown_address_is_a_404_in_the_language_of_the_address(client: Client) -> None:
    answer = client.get("/ko/no-such/")
    assert answer.status_code == 404
    assert '<html lang="ko"' in answer.content.decode()


def test_form_without_token_gets_a_page_that_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a"})
    assert answer.status_code == 403
    assert "This form has timed out" in answer.content.decode()


def test_styleguide_is_hidden_from_visitors_where_it_is_not_public(client: Client, settings: Any) -> None:
    settings.STYLEGUIDE_PUBLIC = False
    assert client.get(reverse("styleguide")).status_code == 404


def test_styleguide_is_shown_to_staff(client_of: Any, world: Any, settings: Any) -> None:
    settings.STYLEGUIDE_PUBLIC = False
    world.moderator.is_staff = True
    world.moderator.save(update_fields=["is_staff"])
    assert client_of(world.moderator).get(reverse("styleguide")).status_code == 200


def test_broken_site_answers_with_a_page_that_needs_nothing(rf: Any) -> None:
    answer = pages.server_error(rf.get("/en/"))
    html = answer.content.decode()
    assert answer.status_code == 500
    assert {f'lang="{tag}"' for tag in TAGS.values()} <= set(re.findall(r'lang="[^"]+"', html))
    assert "{%" not in html
    assert not re.findall(r'(?:src|href)="(?!/[a-z-]+/")', html)


def test_broken_page_is_styled_under_its_own_policy(rf: Any) -> None:
    answer = pages.server_error(rf.get("/en/"))
    assert "style-src 'sha256-" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]


def test_policy_allows_nothing_inline_and_nothing_foreign(client: Client) -> None:
    answer = client.get("/en/")
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    html = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|<style", html)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [("", ""), ("?page=1", ""), ("?page=3", "?page=3"), ("?page=x", ""), ("?text=ko&page=2", "")],
)
def test_further_page_of_a_list_is_a_page_of_its_own(client: Any, query: str, canonical: str) -> None:
    html = client.get(f"/en/demands/{query}").content.decode()
    assert re.findall(r'<link rel="canonical" href="http://127.0.0.1:8000([^"]+)', html) == [f"/en/demands/{canonical}"]
    assert f'hreflang="ko" href="http://127.0.0.1:8000/ko/demands/{canonical}"' in html
    assert "noindex" not in html


@pytest.mark.parametrize("path", ["/en/demands/?q=bus", "/en/solutions/?place=KR&page=2", "/en/demands/?sort=decision"])
def test_searched_and_filtered_lists_are_not_for_search_engines(client: Any, path: str) -> None:
    html = client.get(path).content.decode()
    assert '<meta name="robots" content="noindex">' in html
    assert 'rel="canonical"' not in html
