"""Handing the clean file out leaves a trace, so that a copy can be held against what was handed out."""

from django.db import transaction

from cities.models import Demand
from matching.introductions.clean_file import CleanFile, clean_file_of
from matching.introductions.rules import can_see_clean_file
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import NotAllowed


@transaction.atomic
def hand_out_clean_file(*, by: User, demand: Demand, kind: str) -> CleanFile:
    """The file as it stands; the trace notes its hash and who took it as what (json or pdf)."""
    if not can_see_clean_file(by, demand):
        raise NotAllowed
    found = clean_file_of(demand)
    record(by=by, action="demand.clean_file", subject=demand, after={"sha256": found.digest, "kind": kind})
    return found
