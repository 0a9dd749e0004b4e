"""Taking, putting off, stepping back, routing and saved views."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from matching.models import Match
from matching.queue import Chosen, queue_for
from matching.workbench.actions import (
    note_recusal,
    release_item,
    save_view,
    set_routing,
    snooze_item,
    step_back,
    take_item,
    wake_item,
)
from matching.workbench.models import Recusal, SavedView, Taken
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.common.working_days import office_day, working_days_after, working_days_between
from tests.factories import DemandFactory, MatchFactory

pytestmark = pytest.mark.django_db


def submitted(**fields: Any) -> Any:
    return DemandFactory(**{"state": "submitted", "published_at": None, "submitted_at": timezone.now(), **fields})


def references(user: Any, **chosen: Any) -> list[str]:
    return [item.public_id for item in queue_for(user, Chosen(**chosen)).items]


def test_item_that_a_colleague_is_at_is_refused_with_who_and_since_when(ana: Any, ben: Any) -> None:
    first = take_item(by=ana, kind="match", item="M1")
    with pytest.raises(Conflict, match="Ana is at it already") as refused:
        take_item(by=ben, kind="match", item="M1")
    assert (refused.value.who, refused.value.when) == (f"user:{ana.pk}", first.since)


def test_item_taken_over_knowingly_is_the_second_ones_and_that_is_kept(ana: Any, ben: Any) -> None:
    take_item(by=ana, kind="match", item="M1")
    assert take_item(by=ben, kind="match", item="M1", over=True).by == ben
    assert AuditEvent.objects.filter(action="queue.take_over", subject="match:M1").exists()


def test_item_whose_time_ran_out_is_free(ana: Any, ben: Any) -> None:
    take_item(by=ana, kind="match", item="M1")
    now = timezone.now()
    Taken.objects.update(since=now - timedelta(hours=2), until=now - timedelta(hours=1))
    assert take_item(by=ben, kind="match", item="M1").by == ben


def test_item_is_released_by_its_own_moderator_only(ana: Any, ben: Any) -> None:
    take_item(by=ana, kind="match", item="M1")
    release_item(by=ben, kind="match", item="M1")
    assert Taken.objects.count() == 1
    release_item(by=ana, kind="match", item="M1")
    assert not Taken.objects.exists()


def test_snoozed_item_leaves_the_queue_and_comes_back_on_its_day(ana: Any) -> None:
    demand = submitted()
    until = office_day() + timedelta(days=3)
    snooze_item(by=ana, kind="demand", item=demand.public_id, until=until, reason="Waits for the council")
    assert (references(ana), references(ana, show="snoozed")) == ([], [demand.public_id])
    then = datetime.combine(until, datetime.min.time(), ZoneInfo("Europe/Berlin")) + timedelta(hours=6)
    assert [item.public_id for item in queue_for(ana, now=then).items] == [demand.public_id]


def test_snoozed_item_is_woken_by_hand(ana: Any, ben: Any) -> None:
    demand = submitted()
    until = office_day() + timedelta(days=3)
    snooze_item(by=ana, kind="demand", item=demand.public_id, until=until, reason="Waits for the council")
    wake_item(by=ben, kind="demand", item=demand.public_id)
    assert references(ana) == [demand.public_id]


@pytest.mark.parametrize("days", [0, -1, 121])
def test_snooze_is_refused_for_a_day_that_is_no_wait(ana: Any, days: int) -> None:
    with pytest.raises(Incomplete, match="within the next four months"):
        snooze_item(by=ana, kind="match", item="M1", until=office_day() + timedelta(days=days), reason="x")


def test_snooze_is_refused_without_a_reason(ana: Any) -> None:
    with pytest.raises(Incomplete, match="why it can wait"):
        snooze_item(by=ana, kind="match", item="M1", until=office_day() + timedelta(days=2), reason=" ")


def test_own_languages_and_regions_come_first_and_hide_nothing(ana: Any) -> None:
    foreign = submitted(language="ko", country="KR", submitted_at=timezone.now() - timedelta(days=9))
    own = submitted(language="es", country="CL")
    assert references(ana) == [foreign.public_id, own.public_id]
    set_routing(by=ana, languages=["es"], regions=["005"], scope="mine_first")
    assert references(ana) == [own.public_id, foreign.public_id]
    assert references(ana, scope="mine") == [own.public_id]
    assert references(ana, scope="all") == [foreign.public_id, own.public_id]


def test_view_saved_again_under_its_name_gets_the_new_filters(ana: Any) -> None:
    save_view(by=ana, name="Korea", query="language=ko")
    save_view(by=ana, name="Korea", query="language=ko&show=late")
    assert list(SavedView.objects.values_list("name", "query")) == [("Korea", "language=ko&show=late")]


def test_moderator_who_steps_back_from_a_match_leaves_it_to_colleagues(ana: Any, ben: Any) -> None:
    match = MatchFactory(state="in_review")
    step_back(by=ana, kind="match", item=match.public_id, record=match, note="My sister works there.")
    assert Match.objects.get(pk=match.pk).state == "recused"
    assert (references(ana), references(ben)) == ([], [match.public_id])
    assert list(Recusal.objects.values_list("user", "tie", "note")) == [(ana.pk, "own_word", "My sister works there.")]


def test_moderator_who_stepped_back_may_not_decide_later(ana: Any) -> None:
    from matching.actions import offer_match, reconsider_match

    match = MatchFactory(state="in_review")
    step_back(by=ana, kind="match", item=match.public_id, record=match, note="My sister works there.")
    with pytest.raises(NotAllowed, match="another moderator has to decide"):
        reconsider_match(by=ana, match=Match.objects.get(pk=match.pk))
    Match.objects.update(state="in_review")
    with pytest.raises(NotAllowed):
        offer_match(by=ana, match=Match.objects.get(pk=match.pk))


def test_stepping_back_is_refused_without_words(ana: Any) -> None:
    with pytest.raises(Incomplete, match="Say what ties you"):
        step_back(by=ana, kind="match", item="M1", record=MatchFactory(), note="")


def test_recusal_is_kept_once_for_each_item(ana: Any) -> None:
    for _time in range(2):
        note_recusal(user=ana, kind="match", item="M1")
    assert Recusal.objects.count() == 1
    assert AuditEvent.objects.filter(action="queue.recuse").count() == 1


@pytest.mark.parametrize("act", [take_item, wake_item])
def test_notes_on_items_are_moderators_only(world: Any, act: Any) -> None:
    with pytest.raises(NotAllowed):
        act(by=world.neutrality, kind="match", item="M1")


# --- Working days ---


def test_working_days_skip_weekends_and_holidays(settings: Any) -> None:
    settings.OFFICE_HOLIDAYS = frozenset({"12-25", "2026-12-28"})
    assert working_days_after(date(2026, 12, 23), 3) == date(2026, 12, 30)
    assert working_days_between(date(2026, 12, 23), date(2026, 12, 30)) == 3
    assert working_days_between(date(2026, 12, 30), date(2026, 12, 23)) == -3


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Seoul", date(2026, 3, 28)), ("America/Sao_Paulo", date(2026, 3, 27)), ("Europe/Berlin", date(2026, 3, 27))],
)
def test_day_of_the_office_is_that_of_its_zone(settings: Any, zone: str, day: date) -> None:
    settings.OFFICE_TIME_ZONE = zone
    assert office_day(datetime(2026, 3, 27, 20, tzinfo=ZoneInfo("UTC"))) == day


@pytest.mark.parametrize(("zone", "due"), [("Asia/Seoul", 3), ("America/Sao_Paulo", 3), ("Europe/Berlin", 3)])
def test_clock_keeps_its_days_across_a_change_of_the_clocks(settings: Any, zone: str, due: int) -> None:
    """Berlin changes its clocks on 29 March 2026, a Sunday; Friday evening and five working days make a Friday."""
    settings.OFFICE_TIME_ZONE = zone
    friday = datetime(2026, 3, 27, 12, tzinfo=ZoneInfo(zone))
    assert working_days_after(office_day(friday), 5) == date(2026, 4, due)


def test_late_item_is_found_by_its_filter(ana: Any) -> None:
    late = submitted()
    type(late).objects.filter(pk=late.pk).update(submitted_at=timezone.now() - timedelta(days=30))
    submitted()
    assert references(ana, show="late") == [late.public_id]
