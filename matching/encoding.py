"""Texts on their way to the encoder: who owes what, in which batches, and how long a list waits for its meaning.

Only jobs of the queue "encode" call a model. A job that ranks asks ``waits_for_meaning`` first: texts never encoded are
owed to a job of their own, which owes the ranking again when it is done. Should the encoder take longer than
``PATIENCE``, or be away, the list is made without meaning and made again later.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from catalog.models import Solution
from cities.models import Demand
from matching import spaces
from matching.encoder import Wording
from matching.vectors import ensure_vectors, unencoded, wording_of_demand, wording_of_solution
from portal.jobs.actions import enqueue, extend
from portal.jobs.models import Job, JobState

PATIENCE = timedelta(seconds=5)
# Waits after failures. The hourly catch-up starts them afresh for an encoder that was away, so they need not end.
WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
# Records of one step: enough short texts for a full batch, seconds of work between two signs of life.
AT_ONCE = 8
ENCODE = "matching.encode"
ENCODE_BUCKET = "matching.encode_bucket"
ENCODING = (ENCODE, ENCODE_BUCKET)
WITHOUT_MEANING = "without_meaning"


def waits_for_meaning(job: Job, wording: Wording) -> bool:
    """Whether the job should do nothing now, because its record's texts have gone to the encoder first.

    The job owes itself again: at once when the texts are encoded, else after ``PATIENCE``, to rank without them.
    """
    space = spaces.current_id()
    # Where nobody can make vectors of the space in force any more, meaning comes with the switch to another.
    if not unencoded([wording], space) or spaces.encoder_of(space) is None:
        return False
    enqueue(kind=ENCODE, subject=job.subject)
    if job.payload.get(WITHOUT_MEANING):
        return False
    owe_ranking(job.kind, job.subject, {WITHOUT_MEANING: True}, PATIENCE)
    return True


def owe_ranking(
    kind: str, subject: str, payload: dict[str, bool] | None = None, delay: timedelta = timedelta(0)
) -> None:
    """One waiting job a record, with or without patience: whichever is asked for last counts."""
    enqueue(kind=kind, subject=subject, payload=payload, dedupe=f"{kind}/{subject}", delay=delay)


def encode_with_others(job: Job) -> None:
    """Encode the job's own record, and in the same batch others that wait: their jobs then find it done."""
    subjects = [job.subject]
    if unencoded(wordings_of(subjects)):
        subjects += _waiting(job)
    encode_in_steps(job, wordings_of(subjects))


def _waiting(job: Job) -> list[str]:
    others = Job.objects.filter(kind=ENCODE, state=JobState.QUEUED).exclude(pk=job.pk)
    return list(others.order_by("next_at", "pk").values_list("subject", flat=True)[: AT_ONCE - 1])


def encode_in_steps(job: Job, wordings: Sequence[Wording]) -> None:
    """Encode what has no vector yet, keeping the job's lease alive."""
    for start in range(0, len(wordings), AT_ONCE):
        if ensure_vectors(wordings[start : start + AT_ONCE]):
            extend(job)


def wordings_of(subjects: Iterable[str]) -> list[Wording]:
    """The texts of ``demand:5`` or ``solution:7``; nothing of a record that is gone or that nobody sees."""
    keys: dict[str, list[int]] = {"demand": [], "solution": []}
    for subject in subjects:
        name, _colon, pk = subject.partition(":")
        keys[name].append(int(pk))
    demands = Demand.objects.filter(pk__in=keys["demand"]).order_by("pk")
    solutions = Solution.objects.filter(pk__in=keys["solution"]).order_by("pk")
    return [
        *(wording_of_demand(demand) for demand in demands if demand.is_live),
        *(wording_of_solution(solution) for solution in solutions if solution.is_live),
    ]
