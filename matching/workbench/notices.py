"""Who is told that a decision was taken back, and how a second look ended."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from catalog.models import Solution
from cities.models import Demand
from matching.queue import queue_for
from matching.workbench.models import Confirmation
from portal.accounts.models import Organisation, User
from portal.accounts.rules import is_moderator
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import members_of, notify, path_of
from portal.notices.waiting import Line, counts_waiting


@handles("notices.decision_reversed", queue="default")
def decision_reversed(job: Job) -> None:
    kind, _colon, key = job.subject.partition(":")
    model = {"organisation": Organisation, "demand": Demand, "solution": Solution}[kind]
    record = model._default_manager.filter(pk=int(key)).first()
    if record is None:
        return
    body = {"organisation": "pk", "demand": "organisation_id"}.get(kind)
    owner = getattr(record, body) if body else record.provider.organisation_id
    name = {"organisation": "name", "demand": "title", "solution": "name"}[kind]
    title = record.name if kind == "organisation" else original(record, name)
    notify(
        recipients=members_of(owner),
        kind=f"{kind}_reversed",
        event=f"job:{job.pk}",
        params={"name": title},
        path=path_of(record),
    )


@handles("notices.confirmation_answered", queue="default")
def confirmation_answered(job: Job) -> None:
    row = (
        Confirmation.objects.select_related("asked_by", "answered_by")
        .filter(pk=int(job.subject.partition(":")[2]))
        .first()
    )
    if row is None or row.answered_by is None or row.answered_by == row.asked_by:
        return
    kind = "confirmation_given" if row.state == "confirmed" else "confirmation_refused"
    params = {"person": row.answered_by.name, "name": row.item}
    notify(recipients=[row.asked_by], kind=kind, event=f"confirmation:{row.pk}", params=params, path=path_of(row))


@counts_waiting
def of_the_queue(user: User) -> Iterator[Line]:
    """A moderator's digest counts what waits now, and what of it is late."""
    if not is_moderator(user):
        return
    queue = queue_for(user)
    if not queue.total:
        return
    with translation.override("en"):
        path = reverse("matching:queue").removeprefix("/en")
    text = ngettext("%(count)s item waits in your queue", "%(count)s items wait in your queue", queue.total)
    yield Line(text % {"count": queue.total}, path)
    late = sum(item.is_late for item in queue.items)
    if late:
        words = ngettext("%(count)s of them is overdue", "%(count)s of them are overdue", late)
        yield Line(words % {"count": late}, f"{path}?show=late")
