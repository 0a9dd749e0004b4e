"""Moderators write the wordings of their decisions."""

from collections.abc import Mapping
from secrets import token_hex

from django.db import transaction
from django.utils.translation import gettext as _

from matching.workbench.models import ReasonTemplate
from portal.accounts.models import User
from portal.accounts.rules import is_moderator
from portal.audit.actions import record as note_event
from portal.common.errors import Incomplete, NotAllowed


@transaction.atomic
def write_wording(
    *, by: User, kind: str, decision: str, name: str, texts: Mapping[str, str], code: str = ""
) -> ReasonTemplate:
    """Change the wording of ``code``, or add one. ``texts`` language → text; at least one is owed."""
    if not is_moderator(by):
        raise NotAllowed
    given = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not given:
        raise Incomplete(_("Write the text in at least one language."), ("texts",))
    values = {"kind": kind, "decision": decision, "name": name, "texts": given, "changed_by": by, "is_retired": False}
    row, made = ReasonTemplate.objects.update_or_create(code=code or f"own.{token_hex(6)}", defaults=values)
    note_event(by=by, action="wording.add" if made else "wording.edit", subject=row, after={"name": name, **given})
    return row


@transaction.atomic
def retire_wording(*, by: User, kind: str, decision: str, code: str, name: str) -> ReasonTemplate:
    """Offer it no more. What was written with it stays as it was."""
    if not is_moderator(by):
        raise NotAllowed
    row, _made = ReasonTemplate.objects.update_or_create(
        code=code,
        defaults={"is_retired": True, "changed_by": by},
        create_defaults={
            "kind": kind, "decision": decision, "name": name, "texts": {}, "is_retired": True, "changed_by": by
        },
    )  # fmt: skip
    note_event(by=by, action="wording.retire", subject=row)
    return row
