"""Load the demo into an empty database, matched at once from the vectors that ship with it."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from catalog.models import Solution
from cities.models import Demand
from matching.ranking import rank_demand
from portal.accounts.models import User
from portal.embedded.demo import content
from portal.embedded.demo.desk import Desk
from portal.embedded.demo.introductions import Introductions
from portal.embedded.demo.people import CITY_ACCOUNTS, DOMAIN, People
from portal.embedded.demo.programmes import Programmes
from portal.embedded.demo.records import Records
from portal.embedded.demo.story import Story
from portal.embedded.demo.trust import Trust
from portal.embedded.demo.vectors import load_vectors
from portal.guidance.marking_actions import marking
from portal.jobs.held import noting
from portal.jobs.models import Job
from portal.notices.enums import Cadence
from portal.searches.saving_actions import save_search
from portal.searches.tasks import learn_new_words
from portal.searches.word_actions import recount_words

PROVIDER_ACCOUNTS = {"lumenstead-led-service": "provider"}


@transaction.atomic
def load_demo(say: Callable[[str], None] = print) -> None:
    """All that comes is marked as sample data (portal.guidance), so that it can be told apart and removed again.

    Where the portal does not run as a demo, nobody can sign in with the accounts, and nothing is mailed.
    """
    with translation.override("en"), marking(), noting() as jobs:
        people = People()
        staff = people.staff()
        records = Records(people, staff["moderator"])
        _providers_and_solutions(records, say)
        by_state = _demands(records, say)
        say(f"vectors: {load_vectors()} loaded")
        # What the workers would do in the next seconds is done here, so that no page is empty at first sight.
        _forget(jobs)
        for demand in Demand.objects.live():
            rank_demand(demand)
        Story(staff["moderator"], records.users).play(by_state)
        Trust(staff, records.users).play()
        Desk(staff, records.users).play()
        Programmes(staff, records.users).play()
        _spread_dates()
        _forget(jobs, keep="notices.match_moved" if settings.DEMO else "")
        # Few enough mails to be worth reading in the mail catcher.
        Introductions(staff, records.users).play()
        _saved_search(User.objects.get(email=f"provider@{DOMAIN}"))
        if not settings.DEMO:
            _forget(jobs)
            people.close()
        recount_words()  # so that the first one who searches may make a slip
    learn_new_words()  # words stay when sample data go; the next night counts them anew


def _saved_search(provider: User) -> None:
    query = {"subject": "demands", "query": "q=street+lighting", "language": "en"}
    save_search(by=provider, name="Street lighting", cadence=Cadence.WEEKLY, **query)


def _providers_and_solutions(records: Records, say: Callable[[str], None]) -> None:
    owner = {
        row["provider"]: PROVIDER_ACCOUNTS[row["key"]] for row in content.solutions() if row["key"] in PROVIDER_ACCOUNTS
    }
    korean = next(
        (row["key"] for row in content.providers() if row["language"] == "ko" and row["state"] == "verified"), None
    )
    if korean:
        owner.setdefault(korean, "provider.ko")
    providers = {
        row["key"]: records.provider(row, owner.get(row["key"], f"provider.{row['key']}"))
        for row in content.providers()
    }
    for row in content.solutions():
        records.solution(row, providers[row["provider"]])
    say(f"providers: {len(providers)}, solutions: {len(content.solutions())}")


def _demands(records: Records, say: Callable[[str], None]) -> dict[str, list[int]]:
    by_state: dict[str, list[int]] = defaultdict(list)
    for row in content.demands():
        demand = records.demand(row, CITY_ACCOUNTS.get(row["key"], f"city.{row['key']}"))
        by_state[row["state"]].append(demand.pk)
    say(f"demands: {len(content.demands())}")
    return by_state


def _forget(jobs: list[int], keep: str = "") -> None:
    """Nobody needs five hundred mails about how the demo was made. What others owe is left alone."""
    Job.objects.filter(pk__in=jobs).exclude(kind=keep).delete()


def _spread_dates() -> None:
    """A portal on which everything happened in the same second looks like a test; spread it over the last weeks."""
    now = timezone.now()
    for number, demand in enumerate(Demand.objects.exclude(published_at=None).order_by("pk")):
        Demand.objects.filter(pk=demand.pk).update(
            published_at=now - timedelta(days=(number * 7) % 60, hours=number % 24),
            submitted_at=F("published_at") - timedelta(days=3),
        )
    for number, solution in enumerate(Solution.objects.exclude(listed_at=None).order_by("pk")):
        Solution.objects.filter(pk=solution.pk).update(
            listed_at=now - timedelta(days=(number * 5) % 90, hours=number % 24)
        )
