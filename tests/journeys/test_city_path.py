"""What a city does besides filing: one approves and invites a colleague, lists come in, cities join, councils read."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from cities.coach.models import Pool
from cities.models import Demand
from matching.actions import accept_for_city, accept_for_provider, offer_match
from portal.accounts.models import Membership
from portal.jobs.models import Job
from portal.jobs.tasks import run_due
from tests.factories import DemandFactory, MatchFactory, UserFactory
from tests.journeys.people import PHONE, People, decide, fits, follow, go, mails_to, press, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def speaks(user: Any, language: str) -> Any:
    type(user).objects.filter(pk=user.pk).update(language=language)
    user.language = language
    return user


def test_approver_submits_what_an_editor_wrote_and_invites_a_colleague(people: People, site: str, world: Any) -> None:
    """The editor may not submit; the approver, in French, does; a moderator publishes; the admin's colleague joins."""
    draft = DemandFactory(
        body=world.city, language="fr", title="Écoles plus fraîches", state="draft", published_at=None
    )
    approver = speaks(world.city_approver, "fr")
    check = f"/fr/demands/{draft.public_id}/check/"
    editor = people.page(world.city_editor, "fr")
    editor.goto(f"{site}{check}")
    expect(editor.locator("main")).to_contain_text("Écoles plus fraîches")
    assert editor.locator(f'form[action="/fr/demands/{draft.public_id}/submit/"]').count() == 0
    page = people.page(approver, "fr", PHONE)
    page.goto(f"{site}/fr/my/")
    follow(page, f"/fr/demands/{draft.public_id}/")
    follow(page, check)
    press(page)
    desk = people.page(world.moderator, "en")
    desk.goto(f"{site}/en/queue/demands/{draft.public_id}/")
    decide(desk, "publish")
    Job.objects.update(next_at=timezone.now())  # the moment in which a decision can be undone is over
    run_due()
    (told,) = [letter for letter in mails_to(approver.email, mail.outbox) if "Écoles plus fraîches" in letter.subject]
    assert told.extra_headers["Content-Language"] == "fr"
    assert Demand.objects.get(pk=draft.pk).state == "published"
    _colleague_joins(people, site, world)


def _colleague_joins(people: People, site: str, world: Any) -> None:
    own_body = world.city.organisation
    page, colleague = people.page(world.city_admin, "fr"), UserFactory(email="collegue@ville.example.org")
    page.goto(f"{site}/fr/organisations/{own_body.public_id}/")
    follow(page, f"/fr/organisations/{own_body.public_id}/members/invite/")
    send(page, email=colleague.email, role="approver", language="fr")
    run_due()
    (letter,) = mails_to(colleague.email, mail.outbox)
    link = re.search(r"https?://[^/]+(/fr/invitations/\S+)", letter.body).group(1)
    theirs = people.page(colleague, "fr", PHONE)
    theirs.goto(f"{site}{link}")
    press(theirs)
    assert Membership.objects.get(user=colleague).role == "approver"


def test_city_brings_its_project_list_on_a_telephone_without_scripts(
    plain: People, site: str, world: Any, tmp_path: Path
) -> None:
    rows = (
        "título;problema;budget;currency;start\nEscolas frescas;34 °C em maio;1.200.000;EUR;2027-03-01\n;sem nome;;;\n"
    )
    file = tmp_path / "plano.csv"
    file.write_text(rows, encoding="utf-8")
    page = plain.page(world.city_editor, "pt", PHONE)
    page.goto(f"{site}/pt/my/")
    follow(page, "/pt/own-list/")
    send(page, file=str(file), language="pt")
    expect(page.locator("main table")).to_contain_text("Escolas frescas")
    assert page.locator("input[name=row]").count() == 1  # the row without a title cannot be ticked
    assert fits(page)
    press(page)
    draft = Demand.objects.get(title_pt="Escolas frescas")
    assert (draft.state, draft.organisation, int(draft.budget_max)) == ("draft", world.city.organisation, 1_200_000)
    page.goto(f"{site}/pt/my/")
    follow(page, f"/pt/demands/{draft.public_id}/")


def test_two_cities_join_forces_by_their_own_consent(people: People, site: str, world: Any) -> None:
    theirs = DemandFactory(body=world.other_city, language="pt", title="Lâmpadas novas")
    page = people.page(world.city_approver, "es")
    page.goto(f"{site}/es/demands/{world.demand.public_id}/")
    follow(page, f"/es/demands/{world.demand.public_id}/pool/")
    press(page)
    pool = Pool.objects.get()
    send(page, demand=f"{site}/pt/demands/{theirs.public_id}/", message="Compremos juntos.")
    run_due()
    other = people.page(world.other_city_approver, "pt", PHONE)
    other.goto(f"{site}/pt/my/notices/")
    notice = world.other_city_approver.notices.get()
    go(other, other.locator(f'form[action="/pt/my/notices/{notice.pk}/"] button'))
    expect(other.locator("main")).to_contain_text("Compremos juntos.")
    assert fits(other)
    go(other, other.locator('form[action$="/join/"] button'))
    assert Demand.objects.get(pk=theirs.pk).state == "published"
    _publish(people, site, page, world, pool.demand)
    states = [Demand.objects.get(pk=one.pk).state for one in (world.demand, theirs, pool.demand)]
    assert states == ["merged", "merged", "published"]


def _publish(people: People, site: str, page: Page, world: Any, demand: Demand) -> None:
    page.goto(f"{site}/es/demands/{demand.public_id}/check/")
    press(page)
    desk = people.page(world.moderator, "zh-hans")
    desk.goto(f"{site}/zh-hans/queue/demands/{demand.public_id}/")
    decide(desk, "publish")
    run_due()


def test_approver_downloads_the_council_brief_and_the_clean_file(people: People, site: str, world: Any) -> None:
    match = offer_match(by=world.moderator, match=MatchFactory(demand=world.demand, solution=world.solution))
    accept_for_provider(by=world.provider_approver, match=accept_for_city(by=world.city_approver, match=match))
    demand = f"/ja/demands/{world.demand.public_id}"
    page = people.page(world.city_approver, "ja")
    page.goto(f"{site}{demand}/")
    follow(page, f"{demand}/brief/")
    expect(page.locator("main")).not_to_contain_text(world.provider.organisation.name)
    assert _file(page, f"{demand}/brief.pdf").startswith(b"%PDF-")
    page.goto(f"{site}{demand}/pack/")
    follow(page, f"{demand}/clean-file/")
    expect(page.locator("main")).to_contain_text(world.provider.organisation.name)
    assert _file(page, f"{demand}/clean-file.pdf").startswith(b"%PDF-")
    assert world.provider.organisation.name.encode() in _file(page, f"{demand}/clean-file.json")
    editor = people.page(world.city_editor, "ja")
    editor.goto(f"{site}{demand}/pack/")
    assert editor.locator(f'a[href="{demand}/clean-file/"]').count() == 0


def _file(page: Page, path: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f'a[href="{path}"]').first.click()
    return Path(download.value.path()).read_bytes()
