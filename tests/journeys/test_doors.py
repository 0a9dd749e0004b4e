"""A provider tries every door to a city's people before both have said yes, and finds none; and the other way round.

Everything a signed-in browser reaches by links is opened (pages, downloads, calendars, JSON), then what somebody would
type by hand, then searches for the names, then the mails. At the end both say yes, and the same eyes find the names.
"""

import html
import re
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from playwright.sync_api import APIResponse, Page

from matching.actions import accept_for_provider, post_message
from matching.complaints.actions import file_complaint
from matching.experts.actions import ask_for_advice
from matching.introductions.meeting_actions import propose_meeting
from matching.introductions.pack_actions import add_pack_document, set_question_date
from matching.introductions.question_actions import answer_question, ask_question, release_answer
from matching.models import Introduction, Match
from portal.accounts.member_actions import invite_member
from portal.common.languages import CODES
from portal.jobs.tasks import run_due
from tests.factories import ExpertFactory
from tests.introductions.conftest import Invited, make_invited, upload
from tests.journeys.people import People, decide, mails_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow]

LINK = re.compile(r'(?:href|src|action|"url"|"next")\s*[=:]\s*"([^"]+)"')
STARTS = ("", "my/", "matches/", "introductions/", "my/notices/", "account/", "programmes/", "experts/", "advice/")
STARTS += ("complaints/", "gap/", "developers/", "demands/download.json", "demands/download.csv")
ROLES = ("editor", "approver", "admin")
FEWEST, MOST = 60, 400


@pytest.fixture
def invited(world: Any) -> Invited:
    """Both providers are invited; the other one is introduced and talks. Everybody's name is like no other word."""
    for side in ("city", "provider"):
        for role in ROLES:
            user = world.users[f"{side}_{role}"]
            user.name, user.email = f"Canary {side}{role}", f"canary.{side}{role}@hidden.example.net"
            user.save(update_fields=["name", "email"])
    found = make_invited(world)
    _fill_the_pack(found)
    _talk_with_the_other(found)
    run_due()
    return found


def _fill_the_pack(found: Invited) -> None:
    add_pack_document(by=found.city_admin, demand=found.demand, file=upload("plan.txt"), note="The plan")
    question = ask_question(by=found.provider_editor, demand=found.demand, body="Which poles?", language="en")
    question = answer_question(by=found.city_editor, question=question, answer="All poles.", language="en")
    release_answer(by=found.moderator, question=question)
    until = timezone.now() + timedelta(days=9)
    set_question_date(by=found.city_approver, demand=found.demand, until=until, zone="UTC")


def _talk_with_the_other(found: Invited) -> None:
    soon = timezone.now() + timedelta(days=5)
    room = accept_for_provider(by=found.other_provider_approver, match=found.other_match)
    post_message(by=found.city_editor, introduction=room, body="Call Canary cityeditor.", language="en")
    room = Introduction.objects.with_records().get(pk=room.pk)
    propose_meeting(
        by=found.city_admin, introduction=room, subject="Ask for Canary cityadmin", place="x", minutes=30, zone="UTC",
        times=[soon],
    )  # fmt: skip
    ask_for_advice(
        by=found.city_editor, expert=ExpertFactory(), demand=found.demand, question="Is LED right?", language="en",
        due_on=soon.date(),
    )  # fmt: skip
    match = Match.objects.with_records().get(pk=found.match.pk)
    file_complaint(by=found.city_admin, kind="match", record=match, words="Nobody read page two.")
    body = found.city.organisation
    invite_member(
        by=found.city_admin, organisation=body, email="canary.new@hidden.example.net", role="editor", language="en"
    )


def people_of(side: str) -> re.Pattern[str]:
    """Names, and the local parts of addresses, however they are written."""
    more = r"|canary\.new" if side == "city" else ""
    return re.compile(rf"canary[\s._%+-]*(?:20)?{side}(?:{'|'.join(ROLES)}){more}", re.IGNORECASE)


def typed_by_hand(found: Invited, side: str) -> Iterator[str]:
    """What no link leads to."""
    match, demand, own = found.match.public_id, found.demand.public_id, found.other_match.public_id
    other = (found.city if side == "provider" else found.provider).organisation.public_id
    for language in CODES:
        yield from (f"/{language}/matches/{match}/", f"/{language}/demands/{demand}/pack/")
    for reference in (match, own) if side == "provider" else (match,):
        for more in ("", "write/", "meetings/", "documents/"):
            yield f"/en/introductions/{reference}/{more}"
        yield from (f"/api/v1/matches/{reference}/", f"/en/queue/matches/{reference}/")
    for more in ("", "members/", "members/invite/", "members/leave/", "edit/", "verification/"):
        yield f"/en/organisations/{other}/{more}"
    if side == "provider":
        for more in ("edit/", "matches/", "brief/", "brief.pdf", "clean-file/", "clean-file.json", "clean-file.pdf"):
            yield f"/en/demands/{demand}/{more}"
    yield from ("/en/demo/mails/", "/en/account/interests/everybody/", "/en/follow-ups/", "/en/questions/")
    yield from (f"/admin/matching/match/{found.match.pk}/change/", "/en/workspace/", "/en/queue/")


def walk(page: Page, site: str, found: Invited, side: str) -> Iterator[tuple[str, APIResponse]]:
    """Everything that opens, each address once; with the browser's own session."""
    first = [f"/en/{path}" for path in STARTS] + [f"/api/v1/{name}/" for name in ("demands", "solutions", "matches")]
    first += typed_by_hand(found, side)
    known, waiting = set(first), deque(first)
    while waiting:
        path = waiting.popleft()
        answer = page.request.get(site + path, max_redirects=5)
        yield path, answer
        kind = answer.headers.get("content-type", "")
        for link in _links(answer.text() if "html" in kind or "json" in kind else "", site + path):
            if link not in known and len(known) < MOST:
                known.add(link)
                waiting.append(link)


def _links(text: str, page: str) -> Iterator[str]:
    """Of this site, without what only sorts and filters, other languages of the same page, and the way out."""
    for raw in LINK.findall(text):
        parts = urlsplit(urljoin(page, html.unescape(raw).replace(settings.SITE_URL, "")))
        query = parts.query if parts.query.startswith("page=") else ""
        is_here = parts.netloc == urlsplit(page).netloc and parts.path.startswith(("/en/", "/api/"))
        if is_here and "logout" not in parts.path:
            yield parts.path + (f"?{query}" if query else "")


def readable(answer: APIResponse) -> str:
    return html.unescape(answer.body().decode("utf-8", "replace")) + str(answer.headers)


@pytest.mark.parametrize(("side", "hidden"), [("provider", "city"), ("city", "provider")])
def test_no_door_leads_to_the_other_sides_people_before_both_consent(
    people: People, site: str, invited: Invited, side: str, hidden: str
) -> None:
    page, secret = people.page(invited.users[f"{side}_approver"], "en"), people_of(hidden)
    opened, wrong = 0, []
    for path, answer in walk(page, site, invited, side):
        opened += answer.status == 200
        assert answer.status < 500, path
        told = secret.search(readable(answer))
        wrong += [f"{path} tells of {told[0]}"] if told else []
    assert wrong == []
    assert opened > FEWEST
    _search(page, site, invited, hidden)
    _read_mails(invited, side, secret)
    _control(people, page, site, invited, side)


def _search(page: Page, site: str, found: Invited, hidden: str) -> None:
    """A name that is searched for must not tell by what it finds whose it is."""
    for words in (f"Canary {hidden}editor", f"canary.{hidden}admin", "hidden.example.net"):
        for path in ("/en/demands/?q=", "/en/solutions/?q=", "/api/v1/demands/?q=", "/api/v1/solutions/?q="):
            text = page.request.get(f"{site}{path}{words}").text()
            assert found.demand.public_id not in text, path
            assert found.solution.public_id not in text, path


def _read_mails(found: Invited, side: str, secret: re.Pattern[str]) -> None:
    """Headers, both bodies and every enclosure of what the own people were sent."""
    own = [letter for role in ROLES for letter in mails_to(found.users[f"{side}_{role}"].email, mail.outbox)]
    assert own
    for letter in own:
        whole = letter.message().as_string() + letter.subject + letter.body + str(letter.alternatives)
        assert secret.search(whole + str(letter.attachments)) is None, letter.subject


def _control(people: People, page: Page, site: str, found: Invited, side: str) -> None:
    """The same eyes find the names once the provider has said yes, too."""
    seller = page if side == "provider" else people.page(found.provider_approver, "en")
    seller.goto(f"{site}/en/matches/{found.match.public_id}/")
    decide(seller, "accept")
    page.goto(f"{site}/en/introductions/{found.match.public_id}/")
    hidden = "city" if side == "provider" else "provider"
    assert people_of(hidden).search(page.locator("main").inner_text())
    assert found.users[f"{hidden}_approver"].email in page.content()
