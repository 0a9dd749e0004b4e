"""A verified organisation that may not act for a time: it can submit nothing, and reads why."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation, User
from portal.accounts.rules import can_verify_organisation
from portal.accounts.states import ORGANISATION
from portal.audit.transitions import transition
from portal.common.errors import Incomplete, NotAllowed
from portal.jobs.actions import enqueue


@transaction.atomic
def suspend_organisation(*, by: User, organisation: Organisation, note: str) -> Organisation:
    """By a moderator without ties. Raises Incomplete without words: the members read them."""
    if not can_verify_organisation(by, organisation):
        raise NotAllowed
    if not note.strip():
        raise Incomplete(_("Say why: the members of the organisation read it."), ("note",))
    changes = {"refusal_note": note.strip()}
    row = transition(organisation, "suspend", table=ORGANISATION, by=by, note=note, changes=changes)
    enqueue(kind="notices.organisation_suspended", subject=f"organisation:{row.pk}")
    return row


@transaction.atomic
def reinstate_organisation(*, by: User, organisation: Organisation, note: str = "") -> Organisation:
    if not can_verify_organisation(by, organisation):
        raise NotAllowed
    row = transition(organisation, "reinstate", table=ORGANISATION, by=by, note=note, changes={"refusal_note": ""})
    enqueue(kind="notices.organisation_verified", subject=f"organisation:{row.pk}")
    return row
