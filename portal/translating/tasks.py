"""Drafts by the machine translator. Only this asks it, on the queue for what leaves the machine."""

from datetime import timedelta

from portal.accounts.models import User
from portal.jobs.actions import extend
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.translating.actions import DRAFT, put_drafts, to_draft
from portal.translating.machines import PairUnknown, chosen_translator
from portal.translating.machines.drafting import drafts_of
from portal.translating.subjects import SUBJECTS

# Somebody looks at the page and waits; after that they are told, and ask again when they like.
WAITS = (timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=30), timedelta(minutes=1))


def _draft(job: Job) -> None:
    """Only the record's own public texts go out, without addresses, telephone numbers and names in them."""
    kind, _colon, key = job.subject.partition(":")
    record = SUBJECTS[kind].model._base_manager.filter(pk=int(key)).first()
    by = User.objects.filter(pk=job.payload["by"]).first()
    if record is None or by is None:
        return
    language = job.payload["language"]
    texts = {key: piece.original for key, piece in to_draft(record, language).items()}
    names = SUBJECTS[kind].names(record)
    source = record.original_language  # type: ignore[attr-defined]  # every subject has one
    try:
        drafts = drafts_of(chosen_translator(), texts, source, language, names=names, sign_of_life=lambda: extend(job))
    except PairUnknown:
        return  # nothing is better tomorrow; the editor says what is left
    put_drafts(by=by, subject=record, language=language, drafts=drafts, seen=texts)


@handles(DRAFT, queue="egress", prepare=_draft, lease=timedelta(seconds=100), waits=WAITS)
def draft(job: Job) -> None:
    """The drafts were stored as they came; there is nothing to keep of the job."""
