"""Experts, complaints and what is mailed: the people beside the main road."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from catalog.listing_actions import suspend_solution
from matching.complaints.models import Complaint
from matching.experts.models import Advice
from portal.accounts.conflict_actions import declare_conflict
from portal.jobs.tasks import run_due
from portal.notices.actions import notify
from portal.notices.digest_actions import make_due_digests
from portal.notices.models import MailChoice
from tests.factories import AdviceFactory, ExpertFactory, StaffRoleFactory
from tests.journeys.people import PHONE, People, fits, follow, go, mails_to, press, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_expert_answers_with_declared_interests_and_a_tied_one_cannot(people: People, site: str, world: Any) -> None:
    """The city asks in Spanish, the expert answers in Chinese; a colleague tied to the city keeps out."""
    demand = world.demand.public_id
    expert, tied = ExpertFactory(user__name="Lin Wei"), ExpertFactory(employer=world.city.organisation)
    city = people.page(world.city_editor, "es")
    city.goto(f"{site}/es/demands/{demand}/")
    follow(city, f"/es/advice/ask/demand/{demand}/")
    assert tied.public_id not in city.content()
    follow(city, f"/es/advice/ask/demand/{demand}/{expert.public_id}/")
    send(city, question="¿Es LED el paso correcto?")
    advice = Advice.objects.get()
    page = people.page(expert.user, "zh-hans", PHONE)
    page.goto(f"{site}/zh-hans/advice/")
    follow(page, f"/zh-hans/advice/{advice.public_id}/")
    go(page, page.locator('button[name="do"][value="accept"]'))
    words = {"answer-answer": "是的，先换灯头。", "answer-has_interests": "yes"}
    send(page, **words)
    assert Advice.objects.get().state == "accepted"  # an interest has to be named
    expect(page.locator('[name="answer-answer"]')).to_have_value("是的，先换灯头。")
    send(page, **words, **{"answer-interests": "我的研究所测试过这种灯。"})
    assert fits(page)
    city.goto(f"{site}/es/demands/{demand}/")
    follow(city, f"/es/advice/{advice.public_id}/")
    for text in ("是的，先换灯头。", "我的研究所测试过这种灯。"):
        expect(city.locator("main")).to_contain_text(text)
    _tied_expert_keeps_out(people, site, world)


def _tied_expert_keeps_out(people: People, site: str, world: Any) -> None:
    """Asked first, tied afterwards: there is nothing left but to decline."""
    advice = AdviceFactory(demand=world.demand, asked_for=world.city.organisation, asked_by=world.city_editor)
    page = people.page(advice.expert.user, "en")
    address, take_on = f"{site}/en/advice/{advice.public_id}/", page.locator('button[name="do"][value="accept"]')
    page.goto(address)
    expect(take_on).to_be_visible()
    declare_conflict(
        by=advice.expert.user, organisation=world.city.organisation, kind="advice", since=timezone.localdate()
    )
    go(page, take_on)  # the page that was open before
    advice.refresh_from_db()
    assert advice.state == "asked"
    page.goto(address)
    expect(take_on).to_have_count(0)
    send(page, **{"decline-reason": "interest"})
    advice.refresh_from_db()
    assert advice.state == "declined"


def test_complaint_is_answered_by_somebody_else_and_the_neutrality_officer_sees_all(
    people: People, site: str, world: Any
) -> None:
    """The provider objects in French; a moderator who had no part answers; the appeal goes to the officer."""
    ben = StaffRoleFactory(role="moderator", user__name="Ben").user
    suspend_solution(by=world.moderator, solution=world.solution, reason="outdated")
    page = people.page(world.provider_editor, "fr", PHONE)
    page.goto(f"{site}/fr/solutions/{world.solution.public_id}/")
    follow(page, f"/fr/complaints/new/solution/{world.solution.public_id}/")
    send(page, words="Le rapport dit le contraire.", wish="Relisez la page 2.")
    complaint = Complaint.objects.get()
    assert (complaint.owner, complaint.contested_by) == (ben, world.moderator)
    owner, officer = people.page(ben, "en"), people.page(world.neutrality, "ko")
    owner.goto(f"{site}/en/queue/")
    go(owner, owner.locator(f'main a[href*="/complaints/{complaint.public_id}/"]'))
    send(owner, **{"answer-finding": "not_upheld", "answer-answer": "We read page 2 again."})
    page.reload()
    expect(page.locator("main")).to_contain_text("We read page 2 again.")
    send(page, **{"appeal-words": "La page 2 est claire."})
    officer.goto(f"{site}/ko/complaints/")
    follow(officer, f"/ko/complaints/{complaint.public_id}/")
    expect(officer.locator("main")).to_contain_text("Le rapport dit le contraire.")
    send(officer, **{"answer-finding": "upheld", "answer-answer": "제공자의 말이 맞습니다."})
    page.reload()
    expect(page.locator("main")).to_contain_text("제공자의 말이 맞습니다.")
    other = people.page(world.other_provider_admin, "en")
    answer = other.goto(f"{site}/en/complaints/{complaint.public_id}/")
    assert answer is not None
    assert answer.status == 404


def tell(user: Any, kind: str, event: str) -> list[Any]:
    """The mails that one thing told to somebody brings at once."""
    mail.outbox.clear()
    params = {"demand": "学校の屋根", "name": "Testville", "date": "2031-05-01", "person": "A", "solution": "B"}
    notify(recipients=[user], kind=kind, event=event, params=params, path="/my/")
    run_due()
    return mails_to(user.email, mail.outbox)


def test_one_mail_a_week_none_after_one_click_and_dates_that_bind_still_come(
    people: People, site: str, world: Any
) -> None:
    reader = world.city_editor
    type(reader).objects.filter(pk=reader.pk).update(language="ja")
    reader.refresh_from_db()
    assert tell(reader, "demand_published", "1")
    page = people.page(reader, "ja", PHONE)
    page.goto(f"{site}/ja/my/notices/")
    follow(page, "/ja/my/notices/settings/")
    send(page, group_records="weekly")
    assert fits(page)
    assert tell(reader, "demand_published", "2") == []
    make_due_digests(now=(timezone.now() + timedelta(days=8)).replace(hour=9))
    run_due()
    (weekly,) = mails_to(reader.email, mail.outbox)
    assert "学校の屋根" in weekly.body
    _end_by_one_click(people, site, page, weekly)
    assert tell(reader, "demand_published", "3") == []
    assert tell(reader, "verification_ending", "4")


def _end_by_one_click(people: People, site: str, page: Page, letter: Any) -> None:
    """The link of the mail, opened where nobody is signed in."""
    path = re.search(r"https?://[^/]+(/ja/mails/end/[^\s>]+)", letter.body).group(1)
    anybody = people.page(None, "ja", PHONE)
    anybody.goto(f"{site}{path}")
    press(anybody)
    assert list(MailChoice.objects.values_list("group", "cadence")).count(("records", "off")) == 1
    page.reload()
    expect(page.locator("[name=group_records]")).to_have_value("off")
