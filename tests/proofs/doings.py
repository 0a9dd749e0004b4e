"""A move of a record, done through its action by somebody, and what the trace and the people around learn of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from portal.audit.actions import subject_of
from portal.audit.models import AuditEvent
from portal.jobs.models import Job
from portal.jobs.registry import HANDLERS
from portal.notices.models import Notice
from tests.conftest import World

TELLING = ("notices.", "introductions.", "programmes.")
CITY = ("city_editor", "city_approver", "city_admin")
PROVIDER = ("provider_editor", "provider_approver", "provider_admin")
FOR_CITY, FOR_PROVIDER = CITY[1:], PROVIDER[1:]


@dataclass(frozen=True, slots=True)
class Doing:
    """``stage`` makes the record; ``act`` does the move and may return the record it was about.

    ``tells`` is what product.md wants: kind of notice → who gets it, by their names in the world. ``quiet`` says why
    nobody is told. ``receipt`` says why the actor is told as well; otherwise nobody reads of their own doing.
    """

    name: str
    by: str
    stage: Callable[[World], Any]
    act: Callable[[World, Any], Any]
    tells: dict[str, Iterable[str]] = field(default_factory=dict)
    quiet: str = ""
    receipt: str = ""

    @property
    def wanted(self) -> set[tuple[str, str]]:
        return {(kind, person) for kind, people in self.tells.items() for person in people}


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a doing: the events of its name about its record, and the notices in the order of writing."""

    record: Any
    events: list[AuditEvent]
    notices: list[Notice]
    told: set[tuple[str, str]]


def do(doing: Doing, world: World) -> Done:
    record = doing.stage(world)
    tell_everybody()
    Notice.objects.all().delete()
    last = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    record = doing.act(world, record) or record
    tell_everybody()
    events = AuditEvent.objects.filter(pk__gt=last, action=doing.name, subject=subject_of(record))
    notices = list(Notice.objects.select_related("recipient").order_by("pk"))
    names = {getattr(user, "pk", None): name for name, user in world.users.items()}
    told = {(one.kind, names.get(one.recipient_id, f"user:{one.recipient_id}")) for one in notices}
    return Done(record, list(events), notices, told)


def tell_everybody() -> None:
    """Run the jobs that write notices, also those that wait; nothing is matched and nothing mailed."""
    while jobs := [job for job in Job.objects.filter(state="queued").order_by("pk") if _tells(job)]:
        for job in jobs:
            with translation.override("en"):
                HANDLERS[job.kind].run(job)
            job.delete()


def _tells(job: Job) -> bool:
    return job.kind.startswith(TELLING) and HANDLERS[job.kind].queue == "default"
