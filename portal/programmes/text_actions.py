"""Every write to the report. Translations: portal.translating."""

from django.db import transaction

from portal.accounts.models import User
from portal.audit.actions import record
from portal.programmes.models import Programme
from portal.programmes.programme_actions import require_manager
from portal.programmes.texts import put_texts


@transaction.atomic
def write_report(*, by: User, programme: Programme, text: str) -> Programme:
    require_manager(by)
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    changed = put_texts(row, {"report": text})
    row.save(update_fields=[*changed, "translations", "updated_at"])
    record(by=by, action="programme.write_report", subject=row)
    return row
