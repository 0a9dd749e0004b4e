"""Everybody and everything that a page could mix up, each tenant's texts marked with words of its own.

A *secret* is such a word with the people who may read it. What is public carries none.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from catalog.confirmations.asking_actions import ask_city
from catalog.enums import ReviewCriterion
from catalog.listing_actions import review_solution
from catalog.models import Reference
from catalog.partnerships.actions import record_agreement
from catalog.writing_actions import begin_revision, edit_solution
from cities.actions import request_changes
from cities.coach.pool_actions import begin_pool, invite_to_pool
from matching.actions import (
    accept_for_city,
    accept_for_provider,
    offer_match,
    post_message,
    record_outcome,
    shortlist_match,
)
from matching.complaints.actions import file_complaint
from matching.complaints.flag_actions import report_record
from matching.engine import EXPERT
from matching.experts.actions import ask_for_advice, invite_expert
from matching.introductions.meeting_actions import choose_time, propose_meeting
from matching.introductions.models import FollowUp
from matching.introductions.pack_actions import add_pack_document, add_shared_document
from matching.introductions.question_actions import ask_question
from matching.learning.actions import propose_profile
from matching.models import Match, Ranking
from matching.ranking import rank_demand
from matching.workbench.models import Decided, SavedView
from portal.accounts.conflict_actions import declare_conflict
from portal.accounts.member_actions import invite_member
from portal.accounts.models import User
from portal.accounts.verification_actions import add_evidence
from portal.common.uploads import Upload, checked
from portal.jobs.tasks import run_due
from portal.notices.actions import notify
from portal.searches.saving_actions import save_search
from tests.access.programmes import make_programmes
from tests.conftest import World, make_world
from tests.factories import (
    ConfirmationFactory,
    DemandFactory,
    ExpertFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    PublicBodyFactory,
    SolutionFactory,
    StaffRoleFactory,
    UserFactory,
)

CITY = frozenset({"city_editor", "city_approver", "city_admin", "tied_moderator"})
OTHER_CITY = frozenset({"other_city_editor", "other_city_approver", "other_city_admin"})
PENDING_CITY = frozenset({"pending_city_admin"})
PROVIDER = frozenset({"provider_editor", "provider_approver", "provider_admin"})
OTHER_PROVIDER = frozenset({"other_provider_editor", "other_provider_approver", "other_provider_admin"})
CITY_SPEAKS = frozenset({"city_approver", "city_admin"})
PROVIDER_SPEAKS = frozenset({"provider_approver", "provider_admin"})
MODERATORS = frozenset({"moderator", "tied_moderator"})
READERS = frozenset({"moderator", "tied_moderator", "neutrality", "administrator", "back_office"})
OVERSIGHT = frozenset({"neutrality", "administrator", "back_office"})
OTHER_STAFF = frozenset({"programme", "expert", "superuser"})
# A session of somebody who was deactivated is worth nothing.
OUTSIDE = frozenset({"visitor", "deactivated"})
SIGNED_IN = CITY | OTHER_CITY | PENDING_CITY | PROVIDER | OTHER_PROVIDER | READERS | OTHER_STAFF | {"newcomer"}
EVERYBODY = SIGNED_IN | OUTSIDE
VERIFIED_MEMBERS = CITY | OTHER_CITY | PROVIDER | OTHER_PROVIDER
PARTIES = CITY | PROVIDER | READERS
# Colleagues who differ in nothing but how much they may do for their organisation; who may most comes last.
SIDES = tuple(
    tuple(f"{side}_{role}" for role in ("editor", "approver", "admin"))
    for side in ("city", "other_city", "provider", "other_provider")
)

MARK = re.compile("canary[a-z0-9]+?zq7")


@dataclass
class AccessWorld:
    """``records`` by name, ``secrets`` word → who may read it, and ``mails`` and ``media`` written in the making."""

    world: World
    secrets: dict[str, frozenset[str]] = field(default_factory=dict)
    mails: list[Any] = field(default_factory=list)
    media: Path = Path()

    def secret(self, name: str, readers: frozenset[str]) -> str:
        word = f"Canary{name}Zq7"
        self.secrets[word] = readers
        return word

    def secrets_in(self, text: str) -> list[str]:
        """Every secret carries a mark, so a text is looked through once, however many there are."""
        return [self._marked[mark] for mark in set(MARK.findall(text.lower())) if mark in self._marked]

    @cached_property
    def _marked(self) -> dict[str, str]:
        marked = {MARK.findall(word.lower())[0]: word for word in self.secrets}
        assert len(marked) == len(self.secrets)
        return marked

    def __getattr__(self, name: str) -> Any:
        return getattr(self.world, name)

    @property
    def people(self) -> dict[str, Any]:
        return self.world.users

    def keep(self, **records: Any) -> None:
        self.world.records |= records


@transaction.atomic
def make_access_world() -> AccessWorld:
    world = AccessWorld(make_world())
    _people(world)
    _demands(world)
    _solutions(world)
    _matches(world)
    _around_introductions(world)
    _organisations(world)
    _oversight(world)
    _workbench(world)
    make_programmes(world)
    _rest(world)
    assert set(world.people) == EVERYBODY, set(world.people) ^ EVERYBODY
    return world


def _people(world: AccessWorld) -> None:
    users = world.world.users
    pending = PublicBodyFactory(organisation=OrganisationFactory(state="pending"))
    users["pending_city_admin"] = MembershipFactory(organisation=pending.organisation, role="admin").user
    users["tied_moderator"] = StaffRoleFactory(role="moderator").user
    MembershipFactory(user=users["tied_moderator"], organisation=world.city.organisation, role="editor")
    users["back_office"] = StaffRoleFactory(role="administrator", user__is_staff=True).user
    users["superuser"] = UserFactory(is_staff=True, is_superuser=True)
    world.keep(pending_city=pending)
    for name, user in users.items():
        if user.pk:
            _mark_person(world, name, user)


def _mark_person(world: AccessWorld, name: str, user: User) -> None:
    """Names and addresses: for oneself, colleagues, ICLEI's readers, and those one is introduced to."""
    code = name.title().replace("_", "")
    readers = {name} | READERS | _colleagues(name)
    if name == "city_approver":
        readers |= PROVIDER
    if name == "provider_approver":
        readers |= CITY
    if name in ("moderator", "tied_moderator"):
        readers |= PARTIES  # who introduces people is named to them
        readers |= {"programme"}  # may be asked to a jury
    if name == "city_admin":
        readers |= {"programme"}  # a guest of an event
    invited_by = frozenset({"city_admin"}) if name == "newcomer" else frozenset()
    user.email = f"{world.secret(f'Mail{code}', frozenset(readers | invited_by)).lower()}@example.org"
    user.name = world.secret(f"Name{code}", frozenset(readers | _writes_to(name)))
    user.save(update_fields=["email", "name"])
    world.secrets[user.email] = world.secrets.pop(f"CanaryMail{code}Zq7")


def _colleagues(name: str) -> frozenset[str]:
    return next((group for group in (CITY, OTHER_CITY, PROVIDER, OTHER_PROVIDER) if name in group), frozenset())


def _writes_to(name: str) -> frozenset[str]:
    """Who wrote in a thread is named to the other side, who invites to whom the invitation went."""
    told = {
        "provider_editor": CITY,
        "city_admin": frozenset({"newcomer"}),
        # Whoever is invited reads by whom; experts stand in a public directory.
        "moderator": frozenset({"newcomer"}),
        "expert": EVERYBODY,
        # Who examines a complaint is named to whoever complained.
        "neutrality": frozenset({"city_admin"}),
    }
    return told.get(name, frozenset())


def _demands(world: AccessWorld) -> None:
    body = world.city
    members_only = world.secret("DemandMembers", VERIFIED_MEMBERS | READERS)
    asked = DemandFactory(
        body=body, state="submitted", title=world.secret("DemandAsked", CITY | READERS), published_at=None
    )
    note = world.secret("DemandNote", CITY | READERS)
    world.keep(
        demand_open=DemandFactory(body=body),
        demand_members=DemandFactory(body=body, visibility="members", title=members_only),
        demand_draft=_unpublished(world, body, "DemandDraft", CITY, "draft"),
        demand_submitted=_unpublished(world, body, "DemandSubmitted", CITY, "submitted"),
        demand_foreign=_unpublished(world, world.other_city, "DemandForeign", OTHER_CITY, "draft"),
        demand_pending=_unpublished(world, world.pending_city, "DemandPending", PENDING_CITY, "draft"),
        demand_asked=request_changes(by=world.moderator, demand=asked, note=note),
    )


def _unpublished(world: AccessWorld, body: Any, code: str, readers: frozenset[str], state: str) -> Any:
    word = world.secret(code, readers | READERS)
    submitted = {"submitted_at": timezone.now()} if state == "submitted" else {}
    return DemandFactory(body=body, state=state, published_at=None, title=word, problem=word, site=word, **submitted)


def _solutions(world: AccessWorld) -> None:
    def unlisted(provider: Any, code: str, readers: frozenset[str], state: str) -> Any:
        word = world.secret(code, readers | READERS)
        return SolutionFactory(provider=provider, state=state, listed_at=None, name=word, solves=word)

    asked = unlisted(world.provider, "SolutionAsked", PROVIDER, "submitted")
    comment = world.secret("ReviewComment", PROVIDER | READERS)
    marks = dict.fromkeys(ReviewCriterion.values, 2)
    revised = begin_revision(by=world.provider_admin, solution=SolutionFactory(provider=world.provider))
    words = world.secret("SolutionRevision", PROVIDER | READERS)
    revised = edit_solution(by=world.provider_admin, solution=revised, changes={"tagline": words})
    world.keep(
        solution_revision=revised,
        solution_draft=unlisted(world.provider, "SolutionDraft", PROVIDER, "draft"),
        solution_submitted=unlisted(world.provider, "SolutionSubmitted", PROVIDER, "submitted"),
        solution_foreign=unlisted(world.other_provider, "SolutionForeign", OTHER_PROVIDER, "draft"),
        solution_asked=review_solution(by=world.moderator, solution=asked, marks=marks, comment=comment, approve=False),
    )


def _matches(world: AccessWorld) -> None:
    """One match in each stage of being told to the sides; the invited one with a provider that is not introduced."""
    moderator, city, provider = world.moderator, world.city_approver, world.provider_approver

    def match(solution: Any) -> Match:
        return MatchFactory(demand=world.demand, solution=solution)

    suggested = match(SolutionFactory(provider=world.provider))
    shortlist_match(by=moderator, match=suggested, note=world.secret("ShortlistNote", READERS))
    offered = match(SolutionFactory(provider=world.provider))
    offered = offer_match(by=moderator, match=offered, note=world.secret("OfferNote", CITY | READERS))
    invited = offer_match(by=moderator, match=match(SolutionFactory(provider=world.other_provider)))
    words = world.secret("InviteNote", CITY | OTHER_PROVIDER | READERS)
    invited = accept_for_city(by=world.city_admin, match=invited, note=words)
    introduced = offer_match(by=moderator, match=match(world.solution))
    introduced = accept_for_city(by=city, match=introduced, note=world.secret("AcceptNote", PARTIES))
    introduction = accept_for_provider(by=provider, match=introduced, note=world.secret("AnswerNote", PARTIES))
    _talk(world, introduction)
    introduced.refresh_from_db()
    world.keep(suggested=suggested, offered=offered, invited=invited, introduced=introduced, introduction=introduction)


def _talk(world: AccessWorld, introduction: Any) -> None:
    words = world.secret("Message", PARTIES)
    post_message(by=world.provider_editor, introduction=introduction, body=words, language="en")
    introduction.refresh_from_db()
    note = world.secret("OutcomeNote", PARTIES)
    record_outcome(by=world.city_approver, introduction=introduction, move="start_pilot", note=note)
    introduction.refresh_from_db()


def _around_introductions(world: AccessWorld) -> None:
    """A pack with a document and an open question, and on the introduction a document, two meetings, a follow-up."""
    invited, introduction = CITY | PROVIDER | OTHER_PROVIDER | READERS, world.introduction
    document = add_pack_document(
        by=world.city_editor, demand=world.demand, file=_text("PackDocument"), note=world.secret("PackNote", invited)
    )
    held = add_pack_document(
        by=world.city_editor, demand=world.demand, file=checked(SimpleUploadedFile("held.txt", b"+34 911 222 333")),
        note=world.secret("HeldNote", CITY | READERS), look=True,
    )  # fmt: skip
    word = world.secret("Question", CITY | OTHER_PROVIDER | READERS)
    question = ask_question(by=world.other_provider_editor, demand=world.demand, body=word, language="en")
    note = world.secret("SharedNote", PARTIES)
    shared = add_shared_document(by=world.provider_editor, introduction=introduction, file=_text("Shared"), note=note)
    soon = timezone.now() + timedelta(days=30)
    meetings = [
        propose_meeting(
            by=world.provider_editor, introduction=introduction, subject=world.secret(f"Meeting{number}", PARTIES),
            place="x", minutes=30, zone="UTC", times=[soon],
        )
        for number in range(2)
    ]  # fmt: skip
    agreed = choose_time(by=world.city_editor, meeting=meetings[1], starts_at=soon)
    follow_up = FollowUp(introduction=introduction, months=3, due_on=timezone.localdate(), asked_at=timezone.now())
    follow_up.save()
    world.keep(
        pack_document=document, held_document=held, asked_question=question, shared_document=shared,
        meeting=meetings[0], meeting_agreed=agreed, follow_up=follow_up,
    )  # fmt: skip


def _text(name: str) -> Upload:
    return checked(SimpleUploadedFile(f"{name}.txt", b"Words."))


def _organisations(world: AccessWorld) -> None:
    pending = world.pending_city.organisation
    pending.name = world.secret("OrganisationPending", PENDING_CITY | READERS)
    pending.registry_number = world.secret("RegistryNumber", PENDING_CITY | READERS)
    pending.save(update_fields=["name", "registry_number"])
    refused = OrganisationFactory(
        state="refused", refusal_reason="not_found", refusal_note=world.secret("RefusalNote", READERS | {"city_admin"})
    )
    MembershipFactory(user=world.city_admin, organisation=refused, role="admin")
    invitation = invite_member(
        by=world.city_admin,
        organisation=world.city.organisation,
        email=world.newcomer.email,
        role="editor",
        language="en",
    )
    world.keep(refused=refused, invitation=invitation)


def _oversight(world: AccessWorld) -> None:
    """A proof that a city was verified by, and an interest that an expert declared."""
    words = world.secret("EvidenceNote", READERS - {"tied_moderator"})
    letter = Upload("letter.pdf", "application/pdf", b"%PDF-1.7 %%EOF")
    evidence = add_evidence(
        by=world.moderator, organisation=world.city.organisation, method="letter", note=words, file=letter
    )
    words = world.secret("ConflictNote", OVERSIGHT | {"expert"})
    conflict = declare_conflict(
        by=world.expert, organisation=world.other_provider.organisation, kind="advice", note=words,
        since=timezone.localdate(),
    )  # fmt: skip
    world.keep(evidence=evidence, conflict=conflict)
    _evidence(world)
    _pool(world)


def _pool(world: AccessWorld) -> None:
    """A demand that two cities are about to make together; the second has not answered yet."""
    pool = begin_pool(by=world.city_admin, demand=DemandFactory(body=world.city))
    words = world.secret("PoolMessage", CITY | OTHER_CITY | READERS)
    theirs = DemandFactory(body=world.other_city)
    world.keep(pool=pool, pool_member=invite_to_pool(by=world.city_admin, pool=pool, demand=theirs, message=words))


def _evidence(world: AccessWorld) -> None:
    """A question to a city, whose address only the provider and ICLEI read, and an agreement that everybody reads."""
    reference = Reference.objects.create(solution=world.solution, city_name="Testville", country="BR")
    name = world.secret("CityContact", PROVIDER_SPEAKS).lower()
    world.secrets[name] = world.secrets.pop("CanaryCityContactZq7")
    question = ask_city(
        by=world.provider_approver, reference=reference, email=f"{name}@curitiba.pr.gov.br", language="pt"
    )
    agreement = record_agreement(
        by=world.programme, provider=world.provider, kind="technical", agreed_on=timezone.localdate(), until=None,
        scope="Data", signed_for_iclei="A", signed_for_provider="B",
    )  # fmt: skip
    world.keep(reference=reference, question=question, agreement=agreement)


def _workbench(world: AccessWorld) -> None:
    """Notes of one moderator, an objection of the city, a question to an expert."""
    records, moderator, now = world.world.records, world.moderator, timezone.now()
    later = now + timedelta(hours=1)
    words = world.secret("Complaint", frozenset({"city_admin", "neutrality"}))
    question = world.secret("AdviceQuestion", CITY | READERS | {"expert"})
    expert = ExpertFactory(user=world.expert)
    world.keep(
        decided=Decided.objects.create(
            kind="match", item=records["suggested"].public_id, by=moderator, until=later, decision="shortlist"
        ),
        confirmation=ConfirmationFactory(asked_by=moderator, answered_by=None, answered_at=None),
        saved_view=SavedView.objects.create(user=moderator, name=world.secret("View", frozenset({"moderator"}))),
        complaint=file_complaint(by=world.city_admin, kind="match", record=records["introduced"], words=words),
        flag=report_record(by=world.newcomer, kind="demand", item=world.demand.public_id, reason="outdated"),
        expert_profile=expert,
        expert_invitation=invite_expert(
            by=moderator, email=world.newcomer.email, name="Newcomer", affiliation="Institute", language="en"
        ),
        advice=ask_for_advice(
            by=world.city_admin, expert=expert, demand=DemandFactory(body=world.city), question=question, language="en",
            due_on=timezone.localdate() + timedelta(days=7),
        ),
    )  # fmt: skip


def _rest(world: AccessWorld) -> None:
    run_due()
    ranking = rank_demand(world.demand)
    assert isinstance(ranking, Ranking)
    words = world.secret("Notice", frozenset({"city_admin"}))
    params = {"demand": words, "solution": words, "date": "", "name": words}
    notify(recipients=[world.city_admin], kind="demand_published", event="canary", params=params, path="/my/")
    search = save_search(
        by=world.city_admin, name=world.secret("Search", frozenset({"city_admin"})), subject="demands", query="q=bus",
        language="en", cadence="off",
    )  # fmt: skip
    world.keep(saved_search=search)
    report = {"active": EXPERT.id, "ndcg": {"old": 0.5, "new": 0.6, "low": 0.05, "high": 0.15, "demands": 9}}
    report |= {"accuracy": [0.5, 0.6], "calibration_error": [0.1, 0.05], "judgements": 60, "demands": 9}
    learned = propose_profile(by=world.moderator, config=replace(EXPERT, version="learned-1"), report=report)
    world.keep(notice=world.city_admin.notices.get(event="canary"), profile=learned)
