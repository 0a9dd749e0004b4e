"""The number under which a tender stands in the Open Contracting data."""

import re
from typing import Any

from django.utils.translation import gettext as _

from matching.introductions.models import Tender
from matching.models import Introduction
from portal.audit.actions import record
from portal.common.errors import Incomplete

# The publisher's prefix as registered with the Open Contracting Partnership, then the publisher's own number.
OCID = re.compile(r"ocds-[a-z0-9]{6}-[^\s]{1,100}", re.IGNORECASE)


def keep_ocid(*, by: Any, introduction: Introduction, ocid: str) -> None:
    """Within the transaction that records the outcome. Raises Incomplete for what is no ocid; keeps what was there."""
    ocid = ocid.strip()
    if not ocid:
        return
    if not OCID.fullmatch(ocid):
        message = _("An ocid begins with “ocds-” and the publisher’s six letters, as in ocds-213czf-000-00001.")
        raise Incomplete(message, ("ocid",))
    row, _made = Tender.objects.update_or_create(introduction=introduction, defaults={"ocid": ocid})
    record(by=by, action="introduction.tender", subject=introduction, after={"ocid": row.ocid})
