"""Every check and uniqueness that the database promises, broken once by SQL that no form or action stands before."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from catalog.confirmations.models import CityConfirmation, EvidenceCheck
from catalog.models import Capability, Claim, Criterion, Provider, Reference, Solution
from catalog.partnerships.models import Agreement
from cities.coach.models import Pool, PoolMember
from cities.models import Demand, Requirement
from matching.models import Decision, Exposure, Judgement, ProfileActivation, ScoringProfile, TextVector
from matching.pooling.models import PoolAnswer
from matching.spaces.models import VectorSpace
from matching.workbench.models import Decided, Override, Recusal, Routing, SavedView, Snooze, Taken
from portal.accounts.models import (
    ConflictDeclaration,
    FormerMembership,
    Invitation,
    Membership,
    StaffRole,
    User,
    VerificationEvidence,
)
from portal.guidance.models import SampleTable
from portal.jobs.models import Job
from portal.notices.models import Digest, MailChoice, Notice, QuietHours
from portal.programmes.models import (
    Enquiry,
    Extension,
    JurorConflict,
    Milestone,
    MilestoneReached,
    Partner,
    ProgrammeMatch,
    Score,
)
from portal.searches.models import SavedSearch, Told
from tests.factories import (
    AdviceFactory,
    ComplaintFactory,
    ConfirmationFactory,
    DemandFactory,
    ExpertFactory,
    ExpertInvitationFactory,
    FlagFactory,
    IntroductionFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    ProviderFactory,
    PublicBodyFactory,
    SolutionFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.factories.introductions import (
    DocumentFactory,
    FollowUpAnswerFactory,
    FollowUpFactory,
    InboundMailFactory,
    InterestFactory,
    MeetingFactory,
    MeetingTimeFactory,
    QuestionFactory,
    ShowingFactory,
)
from tests.factories.programmes import (
    ApplicationFactory,
    CallFactory,
    CohortFollowUpFactory,
    CohortMemberFactory,
    EventFactory,
    JurorFactory,
    ProgrammeFactory,
    SeatFactory,
)

pytestmark = pytest.mark.django_db
OURS = (
    "introductions",
    "confirmations",
    "coach",
    "partnerships",
    "accounts",
    "audit",
    "jobs",
    "notices",
    "programmes",
    "catalog",
    "cities",
    "matching",
    "workbench",
    "complaints",
    "guidance",
    "experts",
    "searches",
    "pooling",
)
ITEM = {"kind": "match", "item": "MTEST"}
TODAY = date(2026, 5, 1)
NOW = timezone.now()
SOURCE = {"source": "ted", "source_id": "1"}


def _taken() -> Taken:
    return Taken.objects.create(**ITEM, by=UserFactory(), since=NOW, until=NOW + timedelta(hours=1))


def _snoozed() -> Snooze:
    return Snooze.objects.create(**ITEM, by=UserFactory(), until=TODAY, reason="Waits for the council")


def _recused() -> Recusal:
    return Recusal.objects.create(**ITEM, user=UserFactory(), tie="known")


def _saved_search() -> SavedSearch:
    values = {"name": "Buses", "subject": "demands", "query": "q=bus", "language": "en", "cadence": "now"}
    return SavedSearch.objects.create(**values, user=UserFactory(), looked_at=NOW, next_at=NOW)


def change(make: Callable[[], Any], **values: Any) -> Callable[[], Any]:
    """Break a constraint by an update of a valid row."""

    def work() -> None:
        row = make()
        type(row)._base_manager.filter(pk=row.pk).update(**values)

    return work


def twice(make: Callable[[], Any]) -> Callable[[], Any]:
    """Break a uniqueness by making the same again."""

    def work() -> None:
        row = make()
        row.pk = None
        if hasattr(row, "public_id"):
            row.public_id = ""
        row.save(force_insert=True)

    return work


def criterion() -> Criterion:
    return Criterion.objects.order_by("pk").first()


def capability(**values: Any) -> Capability:
    return Capability.objects.create(solution=SolutionFactory(), criterion=criterion(), **{"flag": True, **values})


def space(name: str = "fake-1") -> VectorSpace:
    return VectorSpace.objects.create(id=name, name="fake", is_current=True, since=NOW)


def two_spaces_in_force() -> None:
    space("fake-1")
    space("fake-2")


def revision() -> Solution:
    return SolutionFactory(revises=SolutionFactory(), state="draft", listed_at=None)


def invitation(**values: Any) -> Invitation:
    someone = MembershipFactory()
    return Invitation.objects.create(
        organisation=someone.organisation, email="new@example.org", invited_by=someone.user, expires_at=NOW, **values
    )


def accepted_invitation() -> Invitation:
    return invitation(accepted_by=UserFactory(), accepted_at=NOW)


def former_membership() -> FormerMembership:
    return FormerMembership.objects.create(
        user=UserFactory(), organisation=OrganisationFactory(), role="editor", since=NOW, until=NOW
    )


def conflict() -> ConflictDeclaration:
    return ConflictDeclaration.objects.create(
        user=UserFactory(), organisation=OrganisationFactory(), kind="work", since=TODAY
    )


def evidence() -> VerificationEvidence:
    return VerificationEvidence.objects.create(
        organisation=OrganisationFactory(), method="letter", detail="Signed by the mayor", checked_by=UserFactory()
    )


def claim() -> Claim:
    return Claim.objects.create(solution=SolutionFactory(), dimension="efficient", statement="Half the energy.")


def reference() -> Reference:
    return Reference.objects.create(solution=SolutionFactory(), city_name="Testville", country="CL")


def question(**values: Any) -> CityConfirmation:
    fields = {"email": "a@ulm.de", "domain": "ulm.de", "mailed_at": NOW, "expires_at": NOW, **values}
    return CityConfirmation.objects.create(reference=reference(), asked_by=UserFactory(), **fields)


def evidence_check(**values: Any) -> EvidenceCheck:
    fields = {"about": "x", "evidence_url": "https://example.org", "verdict": "shown", "reasons": "Read it.", **values}
    return EvidenceCheck.objects.create(solution=SolutionFactory(), by=UserFactory(), **fields)


def agreement() -> Agreement:
    return Agreement.objects.create(
        provider=ProviderFactory(), kind="strategic", agreed_on=TODAY, scope="Street lighting",
        signed_for_iclei="A. Ana", signed_for_provider="B. Ben", recorded_by=UserFactory(),
    )  # fmt: skip


def pool_member(**values: Any) -> PoolMember:
    pool = Pool.objects.create(demand=DemandFactory(), begun_by=UserFactory())
    return PoolMember.objects.create(**{"pool": pool, "demand": DemandFactory(), **values})


def joined_twice() -> None:
    demand, answer = DemandFactory(), {"state": "joined", "decided_by": UserFactory(), "decided_at": NOW}
    pool_member(demand=demand, **answer)
    pool_member(demand=demand, **answer)


def pool_answer(**values: Any) -> PoolAnswer:
    given = {"match": MatchFactory, "organisation": OrganisationFactory, "by": UserFactory}
    made = {name: values.pop(name, None) or factory() for name, factory in given.items()}
    return PoolAnswer.objects.create(**{"agrees": True, "at": NOW, **made, **values})


def requirement() -> Requirement:
    return Requirement.objects.create(demand=DemandFactory(), criterion=criterion())


def decision() -> Decision:
    return Decision.objects.create(match=MatchFactory(), move="offer", from_state="suggested", to_state="offered")


def vector() -> TextVector:
    return TextVector.objects.create(text_hash="a" * 64, backend="fake", kind="query", vector=[1.0, 0.0])


def exposure() -> Exposure:
    return Exposure.objects.create(solution=SolutionFactory(), lists=3, computed_at=NOW)


def activation() -> ProfileActivation:
    profile = ScoringProfile.objects.create(id="expert-1", content={}, made_at=NOW)
    return ProfileActivation.objects.create(profile=profile, activated_at=NOW, reason="first")


def judgement() -> Judgement:
    return Judgement.objects.create(decision=decision(), side="city", grade=3, values={})


def job(**values: Any) -> Job:
    return Job.objects.create(
        **{"kind": "test.x", "subject": "x:1", "dedupe": "x", "next_at": timezone.now(), **values}
    )


def notice() -> Notice:
    return Notice.objects.create(recipient=UserFactory(), kind="k", event="e", path="/")


def digest() -> Digest:
    return Digest.objects.create(recipient=UserFactory(), cadence="daily", day=TODAY)


def mail_choice() -> MailChoice:
    return MailChoice.objects.create(user=UserFactory(), group="matches", cadence="daily")


def quiet_hours() -> QuietHours:
    return QuietHours.objects.create(user=UserFactory(), starts="22:00", ends="07:00")


def provider_from_a_source() -> Provider:
    return ProviderFactory(**SOURCE)


def again_with_another(make: Callable[[], Any], **others: Callable[[], Any]) -> Callable[[], Any]:
    """The same again, with what has to differ for another reason replaced."""

    def work() -> None:
        row = make()
        row.pk, row.public_id = None, ""
        for name, value in others.items():
            setattr(row, name, value())
        row.save(force_insert=True)

    return work


def partner() -> Partner:
    return Partner.objects.create(programme=ProgrammeFactory(), role="funder", name="Fund")


def call_criterion() -> Any:
    return CallFactory().criteria.first()


def call_question() -> Any:
    return CallFactory().questions.get()


def extension() -> Extension:
    return Extension.objects.create(call=CallFactory(), old=NOW, new=NOW + timedelta(days=1), by=UserFactory())


def enquiry() -> Enquiry:
    return Enquiry.objects.create(call=CallFactory(), asked_by=UserFactory(), language="en", text="When?")


def application_with_a_solution() -> Any:
    return ApplicationFactory(subject=None, demand=None, solution=SolutionFactory(), organisation=OrganisationFactory())


def milestone() -> Milestone:
    return Milestone.objects.create(programme=ProgrammeFactory(), title_en="Begin")


def milestone_reached() -> MilestoneReached:
    return MilestoneReached.objects.create(member=CohortMemberFactory(), milestone=milestone(), by=UserFactory())


def programme_match() -> ProgrammeMatch:
    return ProgrammeMatch.objects.create(programme=ProgrammeFactory(), match=MatchFactory(), by=UserFactory())


def juror_conflict() -> JurorConflict:
    return JurorConflict.objects.create(juror=JurorFactory(), organisation=OrganisationFactory())


def score() -> Score:
    application = ApplicationFactory()
    juror = JurorFactory(call=application.call)
    return Score.objects.create(
        juror=juror, application=application, criterion=application.call.criteria.first(), points=3
    )


BREAKS: dict[str, list[Callable[[], Any]]] = {
    "document_one_place": [change(DocumentFactory, demand=None)],
    "document_removed_who_when": [change(DocumentFactory, removed_at=NOW)],
    "document_released_who_when": [change(DocumentFactory, held_for="unreadable", released_at=NOW)],
    "document_held_known": [change(DocumentFactory, held_for="nonsense")],
    "document_released_was_held": [change(DocumentFactory, released_at=NOW, released_by=F("added_by"))],
    "question_state_known": [change(QuestionFactory, state="sleeping")],
    "question_answered_who_what_when": [
        change(QuestionFactory, answer=""),
        change(QuestionFactory, answered_at=None),
        change(QuestionFactory, answered_by=None),
    ],
    "question_released_who_when": [change(QuestionFactory, released_by=None)],
    "question_released_has_answer": [
        change(QuestionFactory, state="released", released_at=None, released_by=None),
        change(QuestionFactory, state="released", answer="", answered_at=None, answered_by=None),
    ],
    "showing_once": [twice(ShowingFactory)],
    "showing_act_known": [lambda: ShowingFactory(act="dreamt")],
    "showing_what_known": [lambda: ShowingFactory(what="gossip")],
    "interest_once": [twice(InterestFactory)],
    "meeting_state_known": [change(MeetingFactory, state="sleeping")],
    "meeting_length": [change(MeetingFactory, minutes=9), change(MeetingFactory, minutes=481)],
    "meeting_agreed_when": [change(MeetingFactory, state="agreed", starts_at=None, chosen_by=None)],
    "meeting_chosen_who_when": [change(MeetingFactory, chosen_by=None)],
    "meeting_time_once": [twice(MeetingTimeFactory)],
    "inbound_outcome_known": [change(InboundMailFactory, outcome="eaten")],
    "inbound_posted_is_a_message": [change(InboundMailFactory, outcome="posted")],
    "follow_up_once": [twice(FollowUpFactory)],
    "follow_up_months": [change(FollowUpFactory, months=4)],
    "follow_up_settled_who_when": [change(FollowUpFactory, settled_at=NOW)],
    "follow_up_reminded_after_asked": [change(FollowUpFactory, reminded_at=NOW - timedelta(days=99))],
    "follow_up_answer_once_a_side": [twice(FollowUpAnswerFactory)],
    "follow_up_side_known": [change(FollowUpAnswerFactory, side="moderator")],
    "follow_up_stage_known": [change(FollowUpAnswerFactory, stage="dreaming")],
    "follow_up_reached_known": [change(FollowUpAnswerFactory, reached="maybe")],
    "programme_state_known": [change(ProgrammeFactory, state="sleeping")],
    "programme_kind_known": [change(ProgrammeFactory, kind="club")],
    "programme_dates_order": [change(ProgrammeFactory, starts_on=TODAY, ends_on=TODAY - timedelta(days=1))],
    "programme_neutrality_who_what_when": [
        change(ProgrammeFactory, neutrality_note="Fine."),
        change(ProgrammeFactory, neutrality_at=NOW),
        lambda: ProgrammeFactory(neutrality_by=UserFactory()),
    ],
    "partner_once": [twice(partner)],
    "partner_role_known": [change(partner, role="friend")],
    "partner_has_name": [change(partner, name="")],
    "call_side_known": [change(CallFactory, side="both")],
    "call_jurors_some": [change(CallFactory, jurors_needed=0)],
    "call_opens_before_deadline": [change(CallFactory, opens_at=NOW + timedelta(days=99))],
    "call_criterion_weight_range": [change(call_criterion, weight=0), change(call_criterion, weight=101)],
    "call_criterion_once": [twice(call_criterion)],
    "call_question_once": [twice(call_question)],
    "extension_is_later": [change(extension, new=NOW - timedelta(days=1))],
    "enquiry_answered_who_what_when": [change(enquiry, answer="Soon."), change(enquiry, answered_at=NOW)],
    "application_state_known": [change(ApplicationFactory, state="sleeping")],
    "application_one_record": [change(ApplicationFactory, demand=None)],
    "application_number_once": [again_with_another(ApplicationFactory, demand=DemandFactory)],
    "application_demand_once": [again_with_another(ApplicationFactory, number=lambda: 999)],
    "application_solution_once": [again_with_another(application_with_a_solution, number=lambda: 999)],
    "application_submitted_who_when": [
        change(lambda: ApplicationFactory(state="draft"), submitted_by=None),
        change(lambda: ApplicationFactory(state="draft"), submitted_at=None),
    ],
    "application_handed_in_when": [change(ApplicationFactory, submitted_at=None, submitted_by=None)],
    "application_score_range": [change(ApplicationFactory, score=-1), change(ApplicationFactory, score=5.1)],
    "cohort_state_known": [change(CohortMemberFactory, state="sleeping")],
    "cohort_completed_when": [change(CohortMemberFactory, state="completed", completed_at=None)],
    "cohort_follow_up_once": [twice(CohortFollowUpFactory)],
    "cohort_follow_up_months": [change(CohortFollowUpFactory, months=7)],
    "cohort_follow_up_answered_who_what_when": [
        change(CohortFollowUpFactory, used="yes"),
        change(CohortFollowUpFactory, answered_at=NOW),
    ],
    "milestone_reached_once": [twice(milestone_reached)],
    "programme_match_once": [twice(programme_match)],
    "juror_once": [twice(JurorFactory)],
    "juror_conflict_once": [twice(juror_conflict)],
    "score_once": [twice(score)],
    "score_points_range": [change(score, points=6)],
    "event_ends_after_start": [change(EventFactory, ends_at=NOW - timedelta(days=1))],
    "event_state_known": [change(EventFactory, state="sleeping")],
    "seat_once": [twice(SeatFactory)],
    "seat_state_known": [change(SeatFactory, state="sleeping")],
    "user_email_unique_ci": [lambda: (UserFactory(email="a@example.org"), User.objects.create(email="A@Example.org"))],
    "organisation_verified_who_when_how": [
        change(OrganisationFactory, verified_by=None),
        change(lambda: OrganisationFactory(state="suspended"), verified_at=None),
        change(OrganisationFactory, verified_how=""),
        change(lambda: OrganisationFactory(state="pending"), verified_at=NOW),
        change(lambda: OrganisationFactory(state="pending"), verified_how="known"),
    ],
    "organisation_state_known": [change(OrganisationFactory, state="sleeping")],
    "organisation_verified_has_verifier": [change(lambda: OrganisationFactory(state="pending"), state="verified")],
    "membership_once": [twice(MembershipFactory)],
    "invitation_open_once": [twice(invitation)],
    "invitation_role_known": [change(invitation, role="owner")],
    "invitation_accepted_who_when": [change(invitation, accepted_at=NOW)],
    "invitation_ends_once": [change(accepted_invitation, withdrawn_at=NOW)],
    "former_membership_order": [change(former_membership, until=NOW - timedelta(days=1))],
    "former_membership_role_known": [change(former_membership, role="owner")],
    "conflict_order": [change(conflict, until=TODAY - timedelta(days=1))],
    "conflict_kind_known": [change(conflict, kind="envy")],
    "evidence_method_known": [change(evidence, method="dream")],
    "evidence_says_something": [change(evidence, detail="")],
    "evidence_file_whole": [change(evidence, file="x"), change(evidence, file_name="x", file_sha256="y")],
    "membership_role_known": [change(MembershipFactory, role="owner")],
    "staff_role_once": [twice(StaffRoleFactory)],
    "staff_role_known": [change(StaffRoleFactory, role="boss")],
    "notice_once": [twice(notice)],
    "notice_cadence_known": [change(notice, cadence="hourly")],
    "digest_once": [twice(digest)],
    "digest_cadence_known": [change(digest, cadence="now")],
    "mail_choice_once": [twice(mail_choice)],
    "mail_choice_cadence_known": [change(mail_choice, cadence="hourly")],
    "quiet_hours_differ": [change(quiet_hours, ends="22:00")],
    "job_waiting_once": [twice(job)],
    "job_run_has_lease": [
        lambda: job(state="run"),
        lambda: job(state="run", lease_until=NOW),
        lambda: job(state="run", token="7d444840-9dc0-11d1-b245-5ffdce74fad2"),
    ],
    "job_done_when": [lambda: job(state="done")],
    "job_state_known": [lambda: job(state="lost")],
    "provider_source_once": [
        lambda: (provider_from_a_source(), ProviderFactory(**SOURCE)),
    ],
    "provider_partnership_since": [
        change(ProviderFactory, partnership="strategic"),
        change(ProviderFactory, partner_since=TODAY),
    ],
    "solution_source_once": [again_with_another(lambda: SolutionFactory(**SOURCE))],
    "solution_state_known": [change(SolutionFactory, state="sleeping")],
    "solution_revision_unlisted": [change(revision, state="listed", listed_at=NOW)],
    "solution_listed_when": [change(SolutionFactory, listed_at=None)],
    "solution_population_order": [change(SolutionFactory, city_population_min=2, city_population_max=1)],
    "solution_quantity_order": [change(SolutionFactory, quantity_min=2, quantity_max=1)],
    "solution_quantity_positive": [change(SolutionFactory, quantity_min=-1)],
    "solution_cost_order": [change(SolutionFactory, cost_min=2, cost_max=1, currency="EUR")],
    "solution_cost_positive": [change(SolutionFactory, cost_min=-1, currency="EUR")],
    "solution_cost_has_currency": [change(SolutionFactory, cost_min=1), change(SolutionFactory, cost_max=1)],
    "solution_trl_range": [change(SolutionFactory, trl=0), change(SolutionFactory, trl=10)],
    "capability_once": [twice(capability)],
    "capability_one_value": [
        lambda: capability(flag=None),
        lambda: capability(number=3),
    ],
    "claim_once_a_dimension": [twice(claim)],
    "reference_dates_order": [change(reference, started_on=TODAY, ended_on=TODAY - timedelta(days=1))],
    "reference_confirmed_who_when": [
        change(reference, confirmed_at=NOW),
        change(reference, confirmed_by="someone@example.org"),
    ],
    "demand_source_once": [again_with_another(lambda: DemandFactory(**SOURCE))],
    "demand_state_known": [change(DemandFactory, state="sleeping")],
    "demand_budget_order": [change(DemandFactory, budget_min=2, budget_max=1, currency="EUR")],
    "demand_budget_positive": [change(DemandFactory, budget_min=-1, currency="EUR")],
    "demand_budget_max_positive": [change(DemandFactory, budget_max=-1, currency="EUR")],
    "demand_budget_has_currency": [change(DemandFactory, budget_min=1), change(DemandFactory, budget_max=1)],
    "demand_dates_order": [change(DemandFactory, start_on=TODAY, operation_on=TODAY - timedelta(days=1))],
    "demand_quantity_positive": [change(DemandFactory, quantity=-1)],
    "demand_published_when": [
        change(lambda state=state: DemandFactory(state=state), published_at=None)
        for state in ("published", "in_dialogue", "closed")
    ],
    "demand_written_here_has_body": [change(DemandFactory, organisation=None), change(DemandFactory, city=None)],
    "city_confirmation_open_once": [twice(question)],
    "city_confirmation_answer_when": [change(question, answered_at=NOW, email=""), change(question, answer="confirm")],
    "city_confirmation_answer_known": [change(question, answered_at=NOW, answer="perhaps", email="")],
    "city_confirmation_ends_once": [
        change(lambda: question(answer="confirm", answered_at=NOW, email=""), withdrawn_at=NOW)
    ],
    "city_confirmation_address_deleted": [
        change(question, answer="confirm", answered_at=NOW),
        change(question, withdrawn_at=NOW),
    ],
    "city_confirmation_accepted_who_when": [change(question, accepted=True), change(question, accepted_at=NOW)],
    "check_verdict_known": [change(evidence_check, verdict="dreamt")],
    "check_has_reasons": [change(evidence_check, reasons="")],
    "check_claim_once": [twice(lambda: evidence_check(claim=claim()))],
    "check_capability_once": [twice(lambda: evidence_check(capability=capability()))],
    "check_reference_once": [twice(lambda: evidence_check(reference=reference()))],
    "agreement_kind_known": [change(agreement, kind="secret")],
    "agreement_order": [change(agreement, until=TODAY - timedelta(days=1))],
    "agreement_end_order": [change(agreement, ended_on=TODAY - timedelta(days=1))],
    "agreement_says_what_and_who": [
        change(agreement, scope=""),
        change(agreement, signed_for_iclei=""),
        change(agreement, signed_for_provider=""),
    ],
    "agreement_open_once": [twice(agreement)],
    "solution_running_order": [change(SolutionFactory, running_cost_min=2, running_cost_max=1, currency="EUR")],
    "solution_running_positive": [change(SolutionFactory, running_cost_min=-1, currency="EUR")],
    "solution_running_has_currency": [
        change(SolutionFactory, running_cost_min=1),
        change(SolutionFactory, running_cost_max=1),
    ],
    "solution_service_life_positive": [change(SolutionFactory, service_life_years=0)],
    "pool_member_once": [twice(pool_member)],
    "pool_answer_once": [twice(pool_answer)],
    "pool_joined_once": [joined_twice],
    "pool_state_known": [
        change(lambda: pool_member(state="left", decided_by=UserFactory(), decided_at=NOW), state="lost")
    ],
    "pool_decided_who_when": [change(pool_member, state="joined"), change(pool_member, decided_at=NOW)],
    "requirement_once": [twice(requirement)],
    "text_vector_once": [twice(vector)],
    "vector_space_one": [two_spaces_in_force],
    "vector_space_since_when": [change(space, since=None)],
    "match_once": [twice(MatchFactory)],
    "match_state_known": [change(MatchFactory, state="sleeping")],
    "match_probability_range": [change(MatchFactory, probability=-0.1), change(MatchFactory, probability=1.1)],
    "match_points_range": [change(MatchFactory, points=101)],
    "decision_moves": [change(decision, to_state="suggested")],
    "exposure_price_range": [change(exposure, price=-0.1), change(exposure, price=1.1)],
    "profile_active_once": [twice(activation)],
    "activation_has_reason": [change(activation, reason="")],
    "activation_ends_after_start": [change(activation, ended_at=NOW - timedelta(seconds=1))],
    "judgement_grade_range": [change(judgement, grade=5)],
    "judgement_side_known": [change(judgement, side="nobody")],
    "introduction_outcome_who_what_when": [
        change(IntroductionFactory, outcome="contract"),
        change(IntroductionFactory, outcome_at=NOW),
        change(IntroductionFactory, outcome="contract", outcome_at=NOW),
    ],
    "introduction_value_positive": [change(IntroductionFactory, outcome_value=-1, outcome_currency="EUR")],
    "introduction_value_has_currency": [change(IntroductionFactory, outcome_value=1)],
}

BREAKS |= {
    "taken_by_one": [twice(_taken)],
    "taken_ends_later": [change(_taken, until=NOW - timedelta(days=1))],
    "snoozed_once": [twice(_snoozed)],
    "snooze_has_reason": [change(_snoozed, reason="")],
    "saved_view_once": [twice(lambda: SavedView.objects.create(user=UserFactory(), name="Mine"))],
    "saved_search_once": [twice(_saved_search)],
    "saved_search_subject_known": [change(_saved_search, subject="x")],
    "saved_search_cadence_known": [change(_saved_search, cadence="x")],
    "saved_search_due": [change(_saved_search, next_at=None), change(_saved_search, cadence="off")],
    "told_once": [twice(lambda: Told.objects.create(search=_saved_search(), reference="D1"))],
    "routing_scope_known": [change(lambda: Routing.objects.create(user=UserFactory()), scope="x")],
    "sample_table_has_rows": [change(lambda: SampleTable.objects.create(label="cities.Demand", keys=[1]), keys=[])],
    "recused_once": [twice(_recused)],
    "recusal_tie_known": [change(_recused, tie="x")],
    "recusal_own_word_given": [change(_recused, tie="own_word")],
    "override_has_reason": [
        change(
            lambda: Override.objects.create(**ITEM, by=UserFactory(), decision="offer", what="weak", note="n"), note=""
        )
    ],
    "decided_undone_in_time": [
        change(
            lambda: Decided.objects.create(**ITEM, by=UserFactory(), until=NOW, decision="offer"),
            undone_at=NOW + timedelta(seconds=1),
        )
    ],
    "confirmation_open_once": [twice(lambda: ConfirmationFactory(answered_by=None, answered_at=None))],
    "confirmation_state_known": [change(ConfirmationFactory, state="x")],
    "confirmation_answered_who_when": [change(ConfirmationFactory, answered_at=None)],
    "confirmation_by_another": [
        change(ConfirmationFactory, state="confirmed", answered_by=F("asked_by")),
        change(lambda: ConfirmationFactory(answered_by=None, answered_at=None), state="refused"),
    ],
    "complaint_open_once": [twice(ComplaintFactory)],
    "complaint_state_known": [change(ComplaintFactory, state="x")],
    "complaint_about_known": [change(ComplaintFactory, about="x")],
    "complaint_has_words": [change(ComplaintFactory, words="")],
    "complaint_answered_who_what_when": [change(ComplaintFactory, finding="upheld")],
    "complaint_appealed_when": [change(ComplaintFactory, appeal="No.")],
    "complaint_appeal_answered_who_what_when": [change(ComplaintFactory, appeal_finding="upheld")],
    "complaint_owner_not_involved": [
        change(lambda: ComplaintFactory(contested_by=UserFactory()), owner=F("contested_by"))
    ],
    "flag_open_once": [twice(FlagFactory)],
    "flag_state_known": [change(FlagFactory, state="x")],
    "flag_settled_who_when": [change(FlagFactory, settled_at=None)],
    "flag_settled_by_somebody": [change(lambda: FlagFactory(settled_by=None, settled_at=None), state="acted")],
    "expert_limit_range": [change(ExpertFactory, most_requests=0), change(ExpertFactory, most_requests=21)],
    "expert_invitation_open_once": [twice(ExpertInvitationFactory)],
    "expert_invitation_accepted_who_when": [change(ExpertInvitationFactory, accepted_at=NOW)],
    "advice_about_one": [change(AdviceFactory, demand=None)],
    "advice_state_known": [change(AdviceFactory, state="x")],
    "advice_answered_what_when": [change(AdviceFactory, answer="Yes.")],
    "advice_interests_named": [change(AdviceFactory, answer="Yes.", answered_at=NOW, has_interests=True)],
    "advice_on_demand_open_once": [twice(AdviceFactory)],
    "advice_on_match_open_once": [twice(lambda: AdviceFactory(demand=None, match=MatchFactory()))],
}


def declared() -> dict[str, models.BaseConstraint]:
    found = {}
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            found |= {constraint.name: constraint for constraint in model._meta.constraints}
    return found


CASES = [(name, number) for name, breaks in BREAKS.items() for number in range(len(breaks))]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_constraint_refuses(name: str, number: int) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name][number]()
    assert f'"{name}"' in str(refused.value)


def test_every_constraint_is_broken_by_a_test() -> None:
    assert set(BREAKS) == set(declared())


@pytest.mark.parametrize("field", ["email", "public_id"])
def test_keys_people_use_are_unique(field: str) -> None:
    rows = {"email": [UserFactory, UserFactory], "public_id": [DemandFactory, DemandFactory]}[field]
    first, second = (make() for make in rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(first)._base_manager.filter(pk=second.pk).update(**{field: getattr(first, field)})


@pytest.mark.parametrize(
    "make", [DemandFactory, SolutionFactory, ProviderFactory, PublicBodyFactory, MatchFactory, IntroductionFactory]
)
def test_record_that_others_rest_on_is_not_deleted_with_its_user_or_organisation(make: Callable[[], Any]) -> None:
    """A trail of what a city was offered must outlive a clean-up of accounts."""
    row = make()
    owner = {
        "Demand": lambda: row.organisation,
        "Solution": lambda: row.provider,
        "Provider": lambda: row.organisation,
        "PublicBody": lambda: row.organisation,
        "Match": lambda: row.demand,
        "Introduction": lambda: row.match,
    }[type(row).__name__]()
    with pytest.raises(models.ProtectedError):
        owner.delete()


def test_memberships_and_roles_go_with_the_person() -> None:
    member, staff = MembershipFactory(), StaffRoleFactory()
    member.user.delete()
    staff.user.delete()
    assert not Membership.objects.exists()
    assert not StaffRole.objects.exists()
    assert not Demand.objects.exists()
