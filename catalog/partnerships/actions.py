"""Recording and ending agreements. The provider's row repeats the one in force; the score reads neither."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Provider
from catalog.partnerships.models import Agreement
from catalog.partnerships.rules import can_record_agreements
from portal.accounts.days import day_at, latest_day
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import Conflict, DomainError, NotAllowed


@transaction.atomic
def record_agreement(
    *, by: User, provider: Provider, kind: str, agreed_on: date, until: date | None, scope: str,
    signed_for_iclei: str, signed_for_provider: str,
) -> Agreement:  # fmt: skip
    """Raises Conflict while another agreement with the provider runs, DomainError for days that cannot be."""
    row = Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    if not can_record_agreements(by, row):
        raise NotAllowed
    if agreed_on > timezone.localdate():
        raise DomainError(_("This day is still to come. Record the agreement once it is signed."), code="future")
    if until is not None and until < timezone.localdate():
        raise DomainError(_("This agreement is over already. Choose a day to come, or leave it open."), code="past")
    if Agreement.objects.filter(provider=row, ended_on=None).exists():
        raise Conflict(_("An agreement with this provider runs already. End it first."))
    agreement = Agreement(
        provider=row, kind=kind, agreed_on=agreed_on, until=until, scope=scope, signed_for_iclei=signed_for_iclei,
        signed_for_provider=signed_for_provider, recorded_by=by,
    )  # fmt: skip
    agreement.save(force_insert=True)
    _repeat(row, agreement)
    after = {"kind": kind, "agreed_on": agreed_on, "until": until, "scope": scope}
    record(by=by, action="partnership.record", subject=row, after=after)
    return agreement


@transaction.atomic
def end_agreement(*, by: User, agreement: Agreement) -> Agreement:
    """It ends today. Raises Conflict where it had ended."""
    row = _open(agreement)
    if not can_record_agreements(by, row.provider):
        raise NotAllowed
    return _end(by, row, timezone.localdate())


def end_agreements_that_ran_out(*, now: datetime) -> int:
    """Agreements whose last day is over where the provider is. Returns how many."""
    dated = Agreement.objects.filter(ended_on=None, until__lt=latest_day(now)).select_related("provider__organisation")
    over = [row for row in dated if row.until is not None and row.until < day_at(row.provider.organisation, now)]
    for agreement in over:
        with transaction.atomic():
            row = _open(agreement)
            _end("system", row, row.until or latest_day(now))
    return len(over)


def _open(agreement: Agreement) -> Agreement:
    provider = Provider.objects.select_for_update(no_key=True).get(pk=agreement.provider_id)
    row = Agreement.objects.select_for_update(no_key=True).filter(Q(ended_on=None), pk=agreement.pk).first()
    if row is None:
        raise Conflict(_("This agreement has ended already."))
    row.provider = provider
    return row


def _end(by: User | str, row: Agreement, day: date) -> Agreement:
    row.ended_on = day
    row.save(update_fields=["ended_on", "updated_at"])
    _repeat(row.provider, None)
    record(by=by, action="partnership.end", subject=row.provider, after={"kind": row.kind, "ended_on": day})
    return row


def _repeat(provider: Provider, agreement: Agreement | None) -> None:
    provider.partnership = agreement.kind if agreement else ""
    provider.partner_since = agreement.agreed_on if agreement else None
    provider.save(update_fields=["partnership", "partner_since", "updated_at"])
