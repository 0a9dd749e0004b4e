"""A call from opening to results: a Spanish city on a telephone without scripts, a Japanese juror, the manager."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.programmes.application_actions import screen_application
from portal.programmes.models import Application, Call
from portal.programmes.programme_actions import move_programme
from tests.factories import DemandFactory, MembershipFactory, PublicBodyFactory, StaffRoleFactory, UserFactory
from tests.factories.programmes import CallFactory, JurorFactory, ProgrammeFactory
from tests.journeys.people import PHONE, People, go, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]


@pytest.fixture
def city() -> Any:
    body = PublicBodyFactory()
    return MembershipFactory(user=UserFactory(language="es"), organisation=body.organisation, role="admin")


def press(page: Page, selector: str) -> None:
    go(page, page.locator(selector))


def test_city_applies_on_a_telephone_without_scripts_and_reads_the_result(plain: People, site: str, city: Any) -> None:
    programme, manager = ProgrammeFactory(), StaffRoleFactory(role="programme").user
    call = CallFactory(programme=programme)
    DemandFactory(body=city.organisation.public_body, language="es", title="Aulas más frescas")
    page = plain.page(city.user, "es", PHONE)
    page.goto(f"{site}/es/programmes/")
    press(page, f'main a[href="/es/calls/{call.public_id}/"]')
    press(page, f'main a[href="/es/calls/{call.public_id}/apply/"]')
    page.locator('main input[name="subject"]').first.check()
    press(page, "main form button[type=submit]")
    page.locator("main textarea").first.fill("En mayo las aulas llegan a 34 °C.")
    press(page, "main form button[type=submit]")
    press(page, 'main button[name="move"][value="submit"]')
    application = Application.objects.get()
    assert application.state == "submitted"
    _judge(plain, site, call, manager)
    page.reload()
    expect(page.locator("main")).to_contain_text("4,00")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def _judge(people: People, site: str, call: Call, manager: Any) -> None:
    Call.objects.filter(pk=call.pk).update(deadline=timezone.now() - timedelta(hours=1))
    programme = call.programme
    for move in ("close", "start_screening"):
        programme = move_programme(by=manager, programme=programme, move=move)
    screen_application(by=manager, application=Application.objects.get(), move="admit")
    juror = JurorFactory(call=call, user=StaffRoleFactory(role="expert", user__language="ja").user)
    tied = JurorFactory(call=call, user=StaffRoleFactory(role="expert", user__language="ko").user)
    move_programme(by=manager, programme=programme, move="start_jury")
    _step_back(people, site, call, tied.user)
    page = people.page(juror.user, "ja", 1280)
    page.goto(f"{site}/ja/jury/{call.public_id}/")
    page.locator('main input[name="sure"]').check()
    press(page, "main form button[type=submit]")
    number = Application.objects.get().number
    press(page, f'main a[href="/ja/jury/{call.public_id}/{number}/"]')
    for criterion in call.criteria.all():
        page.locator(f'main input[name="points_{criterion.pk}"][value="4"]').check()
    press(page, "main form button[type=submit]")
    desk = people.page(manager, "fr", 1280)
    desk.goto(f"{site}/fr/workspace/applications/{Application.objects.get().public_id}/verdict/")
    desk.locator('main input[name="verdict"][value="accept"]').check()
    press(desk, "main form button[type=submit]")
    desk.goto(f"{site}/fr/workspace/programmes/{programme.public_id}/")
    press(desk, 'main button[name="move"][value="publish_results"]')
    assert Application.objects.get().state == "accepted"


def _step_back(people: People, site: str, call: Call, user: Any) -> None:
    """A juror who is tied to the applicant says so, and sees nothing of what it applied with."""
    page, application = people.page(user, "ko", PHONE), Application.objects.get()
    sheet = f"/ko/jury/{call.public_id}/{application.number}/"
    page.goto(f"{site}/ko/jury/{call.public_id}/")
    send(page, organisations=str(application.organisation_id), sure="on")
    assert page.locator(f'a[href="{sheet}"]').count() == 0
    answer = page.goto(f"{site}{sheet}")
    assert answer is not None
    assert answer.status == 404
