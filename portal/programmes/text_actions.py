"""Every write to translations, and to the report."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import DomainError
from portal.programmes.models import Call, Event, Programme
from portal.programmes.programme_actions import require_manager
from portal.programmes.texts import pieces_of, put_texts, put_translation


@transaction.atomic
def translate_text(*, by: User, subject: Programme | Call | Event, language: str, texts: Mapping[str, str]) -> None:
    """A person's translation into one language of a record and of what belongs to it; an empty text takes one away.

    ``texts``: key of a piece (see ``pieces_of``) → text. The original stays as it is, so this is possible at any time.
    """
    require_manager(by)
    if language == subject.original_language:
        raise DomainError(_("This is the original language: change the text itself."), code="original")
    locked: Any = type(subject)._base_manager.select_for_update(no_key=True).get(pk=subject.pk)
    rows: dict[int, tuple[Any, set[str]]] = {}
    for piece in pieces_of(locked):
        if piece.key in texts:
            row, columns = rows.setdefault(id(piece.row), (piece.row, set()))
            columns.update(put_translation(row, piece.name, language, texts[piece.key].strip()))
    for row, columns in rows.values():
        row.save(update_fields=sorted(columns))
    action = f"{type(subject)._meta.model_name}.translate"
    record(by=by, action=action, subject=locked, after={"language": language, "texts": sorted(texts)})


@transaction.atomic
def write_report(*, by: User, programme: Programme, text: str) -> Programme:
    require_manager(by)
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    changed = put_texts(row, {"report": text})
    row.save(update_fields=[*changed, "translations", "updated_at"])
    record(by=by, action="programme.write_report", subject=row)
    return row
