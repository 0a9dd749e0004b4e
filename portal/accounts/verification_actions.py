"""What a moderator saw before an organisation was verified, and what happens when that runs out."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.enums import VerificationMethod
from portal.accounts.models import Organisation, User, VerificationEvidence
from portal.accounts.rules import can_verify_organisation
from portal.accounts.states import ORGANISATION
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Incomplete, NotAllowed
from portal.common.uploads import Upload
from portal.jobs.actions import enqueue

# How long before the proof runs out its members and ICLEI are told.
NOTICE = timedelta(days=30)


@transaction.atomic
def add_evidence(
    *, by: User, organisation: Organisation, method: str, detail: str = "", note: str = "",
    file: Upload | None = None, expires_on: date | None = None,
) -> VerificationEvidence:  # fmt: skip
    """Keep what was seen. Raises Incomplete where neither words nor a file say what it was."""
    if not can_verify_organisation(by, organisation):
        raise NotAllowed
    if method != VerificationMethod.KNOWN and not detail.strip() and file is None:
        raise Incomplete(_("Say what you saw and where, or add the file."), ("detail",))
    evidence = VerificationEvidence(
        organisation=organisation, method=method, detail=detail.strip(), note=note, checked_by=by, expires_on=expires_on
    )
    if file is not None:
        evidence.file_name, evidence.file_sha256 = file.name, file.sha256
        evidence.file.save(file.name, file.file, save=False)
    evidence.save(force_insert=True)
    after = {"method": method, "detail": detail, "file": evidence.file_sha256, "expires_on": expires_on}
    record(by=by, action="organisation.add_evidence", subject=organisation, after=after, note=note)
    return evidence


def has_evidence(organisation: Organisation, method: str) -> bool:
    """Whether something of this kind was kept that holds today."""
    still = Q(expires_on=None) | Q(expires_on__gte=timezone.localdate())
    return organisation.evidence.filter(still, method=method).exists()


def lapse_verifications(*, today: date) -> int:
    """Organisations whose proof has run out wait for verification again, and are told. Returns how many."""
    count = 0
    for organisation in _ending(before=today):
        with transaction.atomic():
            transition(organisation, "lapse", table=ORGANISATION, by="system")
            subject, dedupe = f"organisation:{organisation.pk}", f"lapsed/{organisation.pk}/{organisation.ends}"
            enqueue(kind="notices.verification_lapsed", subject=subject, dedupe=dedupe)
            enqueue(kind="notices.organisation_registered", subject=subject, dedupe=f"again/{dedupe}")
        count += 1
    return count


@transaction.atomic
def announce_ending_verifications(*, today: date) -> int:
    """Tell members, once for each date, that their proof runs out within NOTICE. Returns how many organisations."""
    ending = _ending(before=today + NOTICE)
    for organisation in ending:
        dedupe = f"ending/{organisation.pk}/{organisation.ends}"
        enqueue(kind="notices.verification_ending", subject=f"organisation:{organisation.pk}", dedupe=dedupe)
    return len(ending)


def _ending(*, before: date) -> list[Organisation]:
    """Verified ones of which no proof holds until ``before``; one without an end holds for ever.

    ``ends`` is the last day on which any did.
    """
    holding = VerificationEvidence.objects.filter(Q(expires_on=None) | Q(expires_on__gte=before))
    found = Organisation.objects.verified().filter(evidence__isnull=False)
    found = found.exclude(pk__in=holding.values("organisation_id"))
    return list(found.annotate(ends=Max("evidence__expires_on")).order_by("pk"))
