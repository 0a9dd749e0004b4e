"""Jobs that tell people of what runs out, and of what was said about their evidence. Each thing once: the job's own
key names the event, so that a timer may owe it every day."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from catalog.confirmations.enums import CityAnswer
from catalog.confirmations.facts import token_of
from catalog.confirmations.models import CityConfirmation
from catalog.models import Solution
from cities.coach.models import MemberState, PoolMember
from cities.models import Demand
from portal.accounts.enums import MemberRole
from portal.accounts.models import Organisation, User
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import PATIENTLY, handles
from portal.notices.actions import members_of, moderators, notify, path_of
from portal.notices.mail import letter


def key_of(job: Job) -> int:
    return int(job.subject.partition(":")[2])


def admins_of(organisation_id: int) -> Iterable[User]:
    own = User.objects.filter(membership__organisation=organisation_id, membership__role=MemberRole.ADMIN)
    return own.filter(is_active=True).order_by("pk")


def _about_proof(job: Job, kind: str) -> None:
    """The day on which the last proof ends is read again: a new one may have come since the job was owed."""
    organisation = Organisation.objects.annotate(ends=Max("evidence__expires_on")).filter(pk=key_of(job)).first()
    if organisation is not None:
        params = {"name": organisation.name, "date": str(organisation.ends or "")}
        people, path = admins_of(organisation.pk), path_of(organisation)
        notify(recipients=people, kind=kind, event=job.dedupe, params=params, path=path)


@handles("notices.verification_ending", queue="default")
def verification_ending(job: Job) -> None:
    _about_proof(job, "verification_ending")


@handles("notices.verification_lapsed", queue="default")
def verification_lapsed(job: Job) -> None:
    _about_proof(job, "verification_lapsed")


def path_to(name: str, *arguments: object) -> str:
    with translation.override("en"):
        return reverse(name, args=arguments).removeprefix("/en")


def _about_solution(job: Job, kind: str, page: str, event: str = "") -> None:
    solution = Solution.objects.select_related("provider").filter(pk=key_of(job)).first()
    if solution is None:
        return
    notify(
        recipients=members_of(solution.provider.organisation_id),
        kind=kind,
        event=event or job.dedupe,
        params={"solution": original(solution, "name"), "date": str(solution.expires_on or "")},
        path=path_to(page, solution.public_id),
    )


@handles("notices.solution_expiring", queue="default")
def solution_expiring(job: Job) -> None:
    _about_solution(job, "solution_expiring", "confirmations:solution-renew")


@handles("notices.solution_expired", queue="default")
def solution_expired(job: Job) -> None:
    _about_solution(job, "solution_expired", "confirmations:solution-renew")


@handles("notices.solution_suspended", queue="default")
def solution_suspended(job: Job) -> None:
    _about_solution(job, "solution_suspended", "catalog:solution-detail", event=f"job:{job.pk}")


@handles("notices.solution_relisted", queue="default")
def solution_relisted(job: Job) -> None:
    _about_solution(job, "solution_listed", "catalog:solution-detail", event=f"job:{job.pk}")


@handles("notices.demand_expiring", queue="default")
def demand_expiring(job: Job) -> None:
    demand = Demand.objects.live().filter(pk=key_of(job)).first()
    if demand is not None:
        params = {"demand": original(demand, "title"), "date": str(demand.expires_on or "")}
        people, path = members_of(demand.organisation_id), path_of(demand)
        notify(recipients=people, kind="demand_expiring", event=job.dedupe, params=params, path=path)


@handles("notices.evidence_checked", queue="default")
def evidence_checked(job: Job) -> None:
    _about_solution(job, "evidence_checked", "catalog:solution-detail")


ANSWERS = {
    CityAnswer.CONFIRM: "reference_confirmed",
    CityAnswer.CORRECT: "reference_corrected",
    CityAnswer.REFUSE: "reference_refused",
    CityAnswer.CANNOT_SAY: "reference_wrong_person",
}


@handles("notices.city_answered", queue="default")
def city_answered(job: Job) -> None:
    """The provider learns of every answer; moderators of those that want a look."""
    asked = CityConfirmation.objects.select_related("reference__solution__provider")
    question = asked.filter(pk=key_of(job)).exclude(answer="").first()
    if question is None:
        return
    reference, event = question.reference, f"job:{job.pk}"
    params = {"solution": original(reference.solution, "name"), "city": reference.city_name}
    notify(
        recipients=members_of(reference.solution.provider.organisation_id),
        kind=ANSWERS[CityAnswer(question.answer)],
        event=event,
        params=params,
        path=path_to("confirmations:reference-ask", reference.solution.public_id, reference.pk),
    )
    if question.answer == CityAnswer.REFUSE or CityConfirmation.objects.to_check().filter(pk=question.pk).exists():
        path = path_to("confirmations:evidence-check", reference.solution.public_id)
        notify(recipients=moderators(), kind="evidence_to_check", event=event, params=params, path=path)


def compose_question(question: CityConfirmation) -> EmailMultiAlternatives:
    """To somebody who never heard of the portal: who says what of their city, and what is asked of them."""
    reference = question.reference
    solution, language = reference.solution, question.language
    with translation.override(language):
        named = {"city": reference.city_name, "solution": original(solution, "name")}
        return letter(
            identity=f"city-question-{question.pk}-{question.mails}",
            template="city_question",
            language=language,
            to=question.email,
            subject=gettext("Is “%(solution)s” at work in %(city)s? Please confirm or correct") % named,
            context={
                "provider": solution.provider.organisation.name,
                "asked_by": question.asked_by.name,
                **named,
                "link": f"{settings.SITE_URL}{reverse('confirmations:city-answer', args=[token_of(question)])}",
            },
        )


def _ask(job: Job) -> None:
    """Answered, withdrawn or out of date meanwhile, it is not sent any more."""
    asked = CityConfirmation.objects.select_related("reference__solution__provider__organisation", "asked_by")
    question = asked.filter(pk=key_of(job)).first()
    if question is not None and question.is_waiting and question.email:
        compose_question(question).send()


@handles("notices.city_asked", queue="mail", prepare=_ask, waits=PATIENTLY)
def city_asked(job: Job) -> None:
    """The mail went out in ``prepare``; there is nothing to keep of it."""


def _about_pool(job: Job, kind: str, *, to_lead: bool) -> None:
    found = PoolMember.objects.select_related("demand__organisation", "pool__demand__organisation")
    member = found.filter(pk=key_of(job)).first()
    if member is None or (not to_lead and member.state != MemberState.INVITED):
        return
    lead, pooled = member.pool.demand.organisation, member.pool.demand
    theirs, told = (member.demand.organisation, lead) if to_lead else (lead, member.demand.organisation)
    if theirs is not None and told is not None and theirs.pk != told.pk:
        params = {"city": theirs.name, "demand": original(pooled if to_lead else member.demand, "title")}
        path = path_to("pools:pool-detail", member.pool.public_id)
        notify(recipients=members_of(told.pk, deciding=True), kind=kind, event=job.dedupe, params=params, path=path)


@handles("notices.pool_invited", queue="default")
def pool_invited(job: Job) -> None:
    _about_pool(job, "pool_invited", to_lead=False)


@handles("notices.pool_answered", queue="default")
def pool_answered(job: Job) -> None:
    _about_pool(job, "pool_answered", to_lead=True)
