"""Asking somebody at a reference city: once, politely, and without keeping the address."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.confirmations.enums import CityAnswer
from catalog.confirmations.facts import is_of_a_city, is_of_a_provider, sum_of
from catalog.confirmations.models import CityConfirmation
from catalog.confirmations.rules import can_ask_city, is_public_zone
from catalog.models import Reference
from portal.accounts.domains import domain_of_email
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.jobs.actions import enqueue

VALID = timedelta(days=30)
# How long an address is kept for a link that ran out unanswered: so long may its reader ask for a new one.
KEPT_AFTER = timedelta(days=60)
MOST_A_DAY = 10  # questions of one provider
MOST_MAILS = 3  # to one address about one reference
BETWEEN_MAILS = timedelta(hours=20)


@transaction.atomic
def ask_city(*, by: User, reference: Reference, email: str, language: str) -> CityConfirmation:
    """Raises DomainError for an address that cannot vouch, one that asked not to be asked, and too many questions."""
    row = Reference.objects.select_for_update(no_key=True).select_related("solution__provider").get(pk=reference.pk)
    if not can_ask_city(by, row):
        raise NotAllowed
    if row.confirmed_at is not None:
        raise Conflict(_("The city has confirmed this already."))
    domain = _check_address(email, row)
    if CityConfirmation.objects.open().filter(reference=row).exists():
        raise Conflict(_("A question about this reference is open already. Withdraw it, then ask somebody else."))
    _check_pace(row)
    now = timezone.now()
    question = CityConfirmation(
        reference=row, email=email.strip().lower(), address_sum=sum_of(email), domain=domain, language=language,
        is_official=is_public_zone(domain) or is_of_a_city(domain), asked_by=by, mailed_at=now, expires_at=now + VALID,
    )  # fmt: skip
    question.save(force_insert=True)
    record(by=by, action="reference.ask_city", subject=row, after={"domain": domain, "language": language})
    _owe_mail(question)
    return question


def _check_address(email: str, reference: Reference) -> str:
    domain = domain_of_email(email)
    if not domain:
        message = _("Give an address at the city's own domain. With this one, anybody could have written.")
        raise DomainError(message, code="free_mail")
    if is_of_a_provider(domain):
        raise DomainError(_("This is the address of a provider. Ask somebody at the city."), code="provider")
    asked = CityConfirmation.objects.filter(address_sum=sum_of(email), answer=CityAnswer.CANNOT_SAY)
    if asked.filter(reference__solution__provider=reference.solution.provider_id).exists():
        message = _("This person told us not to be the right one to ask. Ask somebody else at the city.")
        raise DomainError(message, code="not_again")
    return domain


def _check_pace(reference: Reference) -> None:
    since = timezone.now() - timedelta(days=1)
    recent = CityConfirmation.objects.filter(created_at__gte=since)
    if recent.filter(reference__solution__provider=reference.solution.provider_id).count() >= MOST_A_DAY:
        raise DomainError(_("You have asked many cities today. Ask the next ones tomorrow."), code="too_many")


@transaction.atomic
def renew_link(*, by: User | None, question: CityConfirmation) -> CityConfirmation:
    """Mail the link again, to the same address; ``by`` None where its reader asks. Raises Conflict or DomainError."""
    row = _open(question)
    if by is not None and not can_ask_city(by, row.reference):
        raise NotAllowed
    now = timezone.now()
    if row.mails >= MOST_MAILS:
        message = _("Three mails have gone out already. Withdraw the question, then ask somebody else.")
        raise DomainError(message, code="too_many")
    if row.mailed_at > now - BETWEEN_MAILS:
        raise DomainError(_("A mail went out within the last day. Wait until tomorrow."), code="too_soon")
    row.mails, row.mailed_at, row.expires_at = row.mails + 1, now, now + VALID
    row.save(update_fields=["mails", "mailed_at", "expires_at", "updated_at"])
    who = by or "reference city"
    record(by=who, action="reference.renew_question", subject=row.reference, after={"mails": row.mails})
    _owe_mail(row)
    return row


@transaction.atomic
def withdraw_question(*, by: User, question: CityConfirmation) -> None:
    row = _open(question)
    if not can_ask_city(by, row.reference):
        raise NotAllowed
    row.withdrawn_at, row.email = timezone.now(), ""
    row.save(update_fields=["withdrawn_at", "email", "updated_at"])
    record(by=by, action="reference.withdraw_question", subject=row.reference, before={"domain": row.domain})


def forget_addresses(*, now: datetime) -> int:
    """Withdraw what nobody answered long after its link ran out, and delete the address. Returns how many."""
    stale = CityConfirmation.objects.open().filter(expires_at__lt=now - KEPT_AFTER)
    count = 0
    for question in stale:
        with transaction.atomic():
            row = _open(question)
            row.withdrawn_at, row.email = now, ""
            row.save(update_fields=["withdrawn_at", "email", "updated_at"])
            record(by="system", action="reference.forget_question", subject=row.reference)
        count += 1
    return count


def _open(question: CityConfirmation) -> CityConfirmation:
    rows = CityConfirmation.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("reference__solution__provider").get(pk=question.pk)
    if not row.is_open:
        raise Conflict(_("This question is answered or withdrawn already."))
    return row


def _owe_mail(question: CityConfirmation) -> None:
    dedupe = f"confirmation/{question.pk}/{question.mails}"
    enqueue(kind="notices.city_asked", subject=f"confirmation:{question.pk}", dedupe=dedupe)
