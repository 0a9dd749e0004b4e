"""Jobs that keep count of words and look through saved searches. Envelopes; the actions do the work."""

import logging
from datetime import timedelta

from celery import shared_task
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.common.facets import List, keep
from portal.jobs.actions import enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.registry import handles
from portal.searches.enums import Subject
from portal.searches.index_actions import index_anew, index_is_new, is_index_current
from portal.searches.listings import LISTINGS, form_of
from portal.searches.meaning import ENCODE, MEANINGS, keep_vector
from portal.searches.meaning_actions import learn_meanings
from portal.searches.models import SavedSearch, Word
from portal.searches.saving_actions import tell_of_new
from portal.searches.word_actions import learn_words, recount_words

logger = logging.getLogger(__name__)

MEAN, COUNT = "searches.learn_meaning", "searches.count_choices"
INDEX = "searches.index_anew"
RECOUNT, LEARN, LOOK = "searches.recount_words", "searches.learn_words", "searches.look_through"
LEARN_BACK = timedelta(minutes=15)  # three rounds of the timer: one that is missed loses nothing


def owe_counts(of: List) -> None:
    """The payload names the list."""
    payload = {"query": of.query, "reader": of.reader, "language": of.language}
    enqueue(kind=COUNT, subject=f"list:{of.subject}", payload=payload)


@handles(COUNT, queue="default")
def count_choices(job: Job) -> None:
    of = List(job.subject.partition(":")[2], **job.payload)
    user = User.objects.filter(pk=of.reader).first() or AnonymousUser()
    with translation.override(of.language or "en"):
        keep(of, form_of(of.subject, of.query, user).counts(LISTINGS[of.subject].readable(user)))


@shared_task
def learn_new_words() -> None:
    for subject in MEANINGS:
        enqueue(kind=MEAN, subject=f"{subject}:0", dedupe=f"{MEAN}/{subject}")
    enqueue(kind=LEARN if Word.objects.exists() else RECOUNT, subject="words")
    owe_index()


def owe_index() -> None:
    """After an update that indexes otherwise than before; the way through all records is begun once."""
    is_begun = Job.objects.filter(kind=INDEX, state__in=[JobState.QUEUED, JobState.RUN]).exists()
    if not is_begun and not is_index_current():
        enqueue(kind=INDEX, subject=f"{Subject.DEMANDS}:0", dedupe=INDEX)


@shared_task
def recount_every_night() -> None:
    enqueue(kind=RECOUNT, subject="words")


@shared_task
def look_through_searches() -> None:
    """One job a search: one that fails keeps nobody else waiting."""
    due = SavedSearch.objects.filter(next_at__lte=timezone.now()).order_by("next_at")
    for key in due.values_list("pk", flat=True).iterator(chunk_size=1000):
        enqueue(kind=LOOK, subject=f"search:{key}")


@handles(RECOUNT, queue="default", lease=timedelta(minutes=15))
def recount(job: Job) -> None:
    logger.info("%s words are known", recount_words())


@handles(LEARN, queue="default", lease=timedelta(minutes=5))
def learn(job: Job) -> None:
    learn_words(since=timezone.now() - LEARN_BACK)


@handles(MEAN, queue="default", lease=timedelta(minutes=5))
def learn_meaning(job: Job) -> None:
    """A slice at a time, as long as there is something new to learn."""
    subject, _colon, place = job.subject.partition(":")
    last = learn_meanings(subject=subject, after=int(place))
    if last is not None:
        enqueue(kind=MEAN, subject=f"{subject}:{last}", dedupe=f"{MEAN}/{subject}")


@handles(INDEX, queue="default", lease=timedelta(minutes=5))
def index_slice(job: Job) -> None:
    """All demands, then all solutions; in the end their words are counted anew."""
    subject, _colon, place = job.subject.partition(":")
    last = index_anew(subject=subject, after=int(place))
    if last is not None:
        enqueue(kind=INDEX, subject=f"{subject}:{last}", dedupe=INDEX)
    elif subject == Subject.DEMANDS:
        enqueue(kind=INDEX, subject=f"{Subject.SOLUTIONS}:0", dedupe=INDEX)
    else:
        index_is_new()
        enqueue(kind=RECOUNT, subject="words")


@shared_task(name=ENCODE)
def encode_words(text: str) -> None:
    """Somebody waits for the answer a quarter of a second, others who type the same find it later."""
    keep_vector(text)


@handles(LOOK, queue="default")
def look_through(job: Job) -> None:
    key = int(job.subject.partition(":")[2])
    search = SavedSearch.objects.filter(pk=key).first()
    if search is not None:
        with translation.override(search.language):
            tell_of_new(search_id=key, now=timezone.now())
