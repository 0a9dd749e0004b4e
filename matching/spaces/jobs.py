"""Moves the space in force towards the wish, in slices, in the queue of the encoder."""

import logging
from datetime import timedelta

from matching import spaces
from matching.encoding import WAITS
from matching.spaces.actions import switch_space
from matching.spaces.filling import fill
from portal.jobs.actions import enqueue, extend
from portal.jobs.models import Job, JobState
from portal.jobs.registry import handles

logger = logging.getLogger(__name__)

REINDEX = "matching.reindex"
SLICE = 200  # records of one job, so that texts published meanwhile wait for seconds


def owe_wish() -> bool:
    """Owe the way to the space that the settings ask for, if it is not the one in force."""
    wish = spaces.wished_id()
    is_open = Job.objects.filter(kind=REINDEX, state__in=[JobState.QUEUED, JobState.RUN], attempts__lte=1).exists()
    if is_open or wish in (spaces.NOWHERE, spaces.current_id()):
        return False
    enqueue(kind=REINDEX, subject=f"space:{wish}", payload={"place": ["demand", 0]}, dedupe=REINDEX)
    return True


def _fill_a_slice(job: Job) -> None:
    wish = spaces.wished()
    if f"space:{wish.id}" != job.subject:
        return
    name, last = job.payload["place"]
    records = 0
    for step in fill(wish, (name, last)):
        extend(job)
        job.payload["place"], records = list(step.place), records + step.records
        if records >= SLICE:
            return
    job.payload["place"] = None


@handles(REINDEX, queue="encode", prepare=_fill_a_slice, lease=timedelta(seconds=90), waits=WAITS)
def reindex(job: Job) -> None:
    """A slice is filled: go on with the next, or put the whole in force. Another wish by now starts afresh."""
    space = job.subject.partition(":")[2]
    if space != spaces.wished_id():
        logger.warning("%s: the settings of this host ask for another encoder", job)
    elif job.payload["place"] is None:
        switch_space(by="encoder", space=space)
    else:
        enqueue(kind=REINDEX, subject=job.subject, payload=job.payload, dedupe=REINDEX)
