"""What must hold when the dust has settled. Each finding says how many of how many."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from cities.models import Demand
from matching.models import Match, Ranking
from matching.ranking import rank_demand
from portal.audit.actions import verify_chain
from portal.audit.models import AuditEvent
from portal.jobs.models import Job, JobState
from portal.notices.models import Notice
from tests.faults.load import Ledger


@dataclass(frozen=True, slots=True)
class Finding:
    """``wrong`` of ``total`` are not as promised; nothing to look at is wrong, too."""

    what: str
    wrong: int
    total: int

    @property
    def is_good(self) -> bool:
        return self.wrong == 0 and self.total > 0

    def __str__(self) -> str:
        return f"{'ok ' if self.is_good else 'BAD'} {self.what}: {self.wrong} of {self.total}"


def unfinished() -> int:
    """Jobs that are due, under way, or wait to be tried again; what was put off and never tried has its own time."""
    running = Q(state=JobState.RUN) | Q(state=JobState.QUEUED, next_at__lte=Now())
    waiting_again = Q(state=JobState.QUEUED, attempts__gt=0)
    return Job.objects.filter(running | waiting_again).count()


def last_to_finish(count: int = 3) -> list[str]:
    """What recovery waited for: kind, attempts, and how long the job took from its request to its end."""
    jobs = Job.objects.filter(state=JobState.DONE).order_by("-done_at")[:count]
    return [
        f"{job.kind}, attempt {job.attempts}, {(job.done_at - job.created_at).total_seconds():.1f} s" for job in jobs
    ]


def everything(ledger: Ledger, *, has_poison: bool) -> list[Finding]:
    """All findings for a ledger; those on matches last, because they rank every demand once more to compare."""
    live = Demand.objects.live()
    current = Ranking.objects.filter(demand_version=F("demand__version")).values("demand_id")
    jobs = Job.objects.all()
    dead = jobs.filter(state=JobState.DEAD)
    published = AuditEvent.objects.filter(action="demand.publish")
    chain = verify_chain()
    return [
        Finding("acts that failed for another reason than the fault", len(ledger.broken), _acts(ledger)),
        Finding("acknowledged demands that are not there", _lost(ledger), len(ledger.published)),
        Finding("acknowledged edits that are not there", _lost_edits(ledger), len(ledger.edited)),
        Finding("live demands without a ranking of their version", live.exclude(pk__in=current).count(), live.count()),
        Finding("demands published twice in the trace", _twice(published), published.count()),
        Finding("jobs neither done nor dead", unfinished(), jobs.count()),
        Finding("dead jobs that are not poison", dead.exclude(kind__startswith="poison.").count(), jobs.count()),
        Finding("poison that is not dead", _alive_poison(), _poison()) if has_poison else _no_poison(jobs),
        _effects(ledger),
        Finding("notices that should be mailed and were not", *_unmailed()),
        Finding("broken links of the audit chain", int(chain.broken is not None), chain.events),
        Finding("locks left behind", _advisory_locks(), 1),
        *_matches(),
    ]


def _acts(ledger: Ledger) -> int:
    return len(ledger.published) + len(ledger.listed) + len(ledger.effects) + len(ledger.edited)


def _lost(ledger: Ledger) -> int:
    return len(ledger.published - set(Demand.objects.live().values_list("pk", flat=True)))


def _lost_edits(ledger: Ledger) -> int:
    versions = dict(Demand.objects.values_list("pk", "version"))
    return sum(versions.get(pk, 0) < version for pk, version in ledger.edited.items())


def _twice(events: QuerySet[AuditEvent]) -> int:
    return sum(count > 1 for count in Counter(events.values_list("subject", flat=True)).values())


def _poison() -> int:
    return Job.objects.filter(kind__startswith="poison.").count()


def _alive_poison() -> int:
    return Job.objects.filter(kind__startswith="poison.").exclude(state=JobState.DEAD).count()


def _no_poison(jobs: QuerySet[Job]) -> Finding:
    return Finding("poison jobs where none were given", _poison(), jobs.count())


def _effects(ledger: Ledger) -> Finding:
    done = Counter(AuditEvent.objects.filter(action="faults.effect").values_list("subject", flat=True))
    wrong = sum(done[subject] != 1 for subject in ledger.effects) + sum(count > 1 for count in done.values())
    return Finding("effects not done exactly once", wrong, len(ledger.effects))


def _unmailed() -> tuple[int, int]:
    """A mail may go out twice after a crash, under the same Message-ID; never not at all."""
    mailed = set(Notice.objects.exclude(mailed_at=None).values_list("pk", flat=True))
    subjects = Job.objects.filter(kind="notices.send_mail").values_list("subject", flat=True)
    owed = {int(subject.partition(":")[2]) for subject in subjects}
    text = "".join(path.read_text() for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"))
    sent = {pk for pk in owed if f"<notice-{pk}@" in text}
    return len(owed - mailed) + len(mailed - sent), len(owed)


def _advisory_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _matches() -> list[Finding]:
    """Rank everything again, undisturbed: what comes out must be what was stored."""
    before = dict(Ranking.objects.values_list("demand_id", "solutions"))
    pairs = set(Match.objects.values_list("demand_id", "solution_id"))
    for demand in Demand.objects.live():
        rank_demand(demand)
    after = dict(Ranking.objects.values_list("demand_id", "solutions"))
    again = set(Match.objects.values_list("demand_id", "solution_id"))
    differing = sum(before.get(demand) != solutions for demand, solutions in after.items())
    return [
        Finding("rankings that differ from an undisturbed one", differing, len(after)),
        Finding("matches missing or too many", len(pairs ^ again), len(again)),
        Finding("matches made twice", Match.objects.count() - len(again), len(again)),
    ]
