"""Ties, jurors who drop out, and decisions that a complaint has opened again."""

from typing import Any

import pytest

from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.jobs.tasks import run_due
from portal.programmes.jury_actions import Points, declare_conflicts, give_points, propose_verdict, release_juror
from portal.programmes.models import Application, Call, CohortMember, Juror, Programme
from portal.programmes.obstacles import obstacles
from portal.programmes.reopening_actions import reopen_application, settle_reopened
from portal.programmes.results import points_of, standings
from portal.programmes.rules import can_score
from tests.conftest import World
from tests.factories import DemandFactory, UserFactory
from tests.factories.programmes import ApplicationFactory, CallFactory, JurorFactory

pytestmark = pytest.mark.django_db
WHY = "The complaint was upheld: a document was overlooked."


@pytest.fixture
def call() -> Any:
    return CallFactory(programme__state="jury")


def give(call: Call, application: Application, points: tuple[int, int], juror: Juror | None = None) -> Juror:
    juror = juror or JurorFactory(call=call)
    if juror.declared_at is None:
        declare_conflicts(by=juror.user, juror=juror, organisations=[])
    keys = [criterion.pk for criterion in call.criteria.all()]
    sheet = {key: Points(given, "") for key, given in zip(keys, points, strict=True)}
    fresh = Application.objects.select_related("call__programme").get(pk=application.pk)
    give_points(by=juror.user, juror=juror, application=fresh, points=sheet)
    return juror


def put(call: Call, state: str) -> None:
    Programme.objects.filter(pk=call.programme_id).update(state=state)
    call.programme.refresh_from_db()


def declined(world: World, call: Call, state: str = "declined") -> Application:
    application = ApplicationFactory(call=call, subject=world.demand, state="admitted")
    if state == "declined":
        give(call, application, (4, 4))
    values = {"state": state, "reason": "evidence", "note": "Nothing to see."}
    Application.objects.filter(pk=application.pk).update(**values)
    put(call, "results")
    return Application.objects.get(pk=application.pk)


# --- Ties -------------------------------------------------------------------------------------------------------------


def test_heavier_criterion_decides_between_equal_means(call: Any) -> None:
    lighter, heavier = (ApplicationFactory(call=call, state="admitted") for _number in range(2))
    give(call, lighter, (2, 5))  # 2·60 + 5·40 = 320
    give(call, heavier, (4, 2))  # 4·60 + 2·40 = 320
    assert [(row.application.pk, row.place) for row in standings(call)] == [(heavier.pk, 1), (lighter.pk, 2)]


def test_equal_results_share_a_place_and_the_next_is_left_out(call: Any) -> None:
    applications = [ApplicationFactory(call=call, state="admitted") for _number in range(4)]
    for application, points in zip(applications, ((3, 3), (3, 3), (5, 5), (2, 2)), strict=True):
        give(call, application, points)
    assert [row.place for row in standings(call)] == [1, 2, 2, 4]


@pytest.mark.parametrize(("reason", "is_true"), [("score", False), ("places", True)])
def test_nobody_is_told_that_others_scored_higher_who_did_not(
    call: Any, world: World, reason: str, is_true: bool
) -> None:
    first, second = (ApplicationFactory(call=call, state="admitted") for _number in range(2))
    for application in (first, second):
        give(call, application, (3, 3))
    propose_verdict(by=world.programme, application=first, verdict="accept")
    propose_verdict(by=world.programme, application=second, verdict="decline", reason=reason, note="Twelve places.")
    assert (obstacles(call.programme, "publish_results") == []) is is_true


# --- Jurors who go ----------------------------------------------------------------------------------------------------


def test_juror_drops_out_and_the_managers_are_told(call: Any, world: World) -> None:
    application = ApplicationFactory(call=call, state="admitted")
    juror = give(call, application, (5, 5))
    release_juror(by=juror.user, juror=juror, note="Ill.")
    run_due()
    assert standings(call)[0].result.mean is None
    assert world.programme.notices.filter(kind="juror_left").count() == 1
    assert "more scores" in " ".join(obstacles(call.programme, "publish_results"))


def test_released_juror_is_told(call: Any, world: World) -> None:
    juror = JurorFactory(call=call)
    release_juror(by=world.programme, juror=juror)
    run_due()
    assert juror.user.notices.filter(kind="juror_released").count() == 1


def test_nobody_sends_a_colleague_off_the_jury(call: Any) -> None:
    with pytest.raises(NotAllowed):
        release_juror(by=JurorFactory(call=call).user, juror=JurorFactory(call=call))


# --- Decisions opened again -------------------------------------------------------------------------------------------


def test_declined_application_is_accepted_after_an_upheld_complaint(world: World, call: Any) -> None:
    application = declined(world, call)
    reopened = reopen_application(by=world.programme, application=application, note=WHY)
    propose_verdict(by=world.programme, application=reopened, verdict="accept")
    settled = settle_reopened(by=world.programme, application=Application.objects.get(pk=application.pk))
    run_due()
    assert (settled.state, settled.score, CohortMember.objects.get().application) == ("accepted", 4.0, settled)
    told = set(world.city_editor.notices.values_list("kind", flat=True))
    assert told == {"application_reopened", "application_accepted"}
    assert AuditEvent.objects.get(action="application.reopen").note == WHY


def test_screened_out_application_goes_to_a_jury_that_signs_again(world: World, call: Any) -> None:
    juror = JurorFactory(call=call)
    declare_conflicts(by=juror.user, juror=juror, organisations=[])
    application = declined(world, call, "screened_out")
    reopen_application(by=world.programme, application=application, note=WHY)
    run_due()
    fresh = Application.objects.select_related("call__programme").get(pk=application.pk)
    assert not can_score(Juror.objects.get(pk=juror.pk), fresh)
    give(call, application, (5, 5), Juror.objects.get(pk=juror.pk))
    assert juror.user.notices.filter(kind="jury_begins").count() == 1
    assert standings(call)[0].result.mean == 5.0


def test_new_verdict_waits_for_the_scores(world: World, call: Any) -> None:
    application = declined(world, call, "screened_out")
    reopened = reopen_application(by=world.programme, application=application, note=WHY)
    propose_verdict(by=world.programme, application=reopened, verdict="accept")
    with pytest.raises(Incomplete, match="scored"):
        settle_reopened(by=world.programme, application=reopened)


def test_decision_is_not_reopened_without_words(world: World, call: Any) -> None:
    with pytest.raises(Incomplete):
        reopen_application(by=world.programme, application=declined(world, call), note=" ")


@pytest.mark.parametrize("who", ["city_admin", "moderator", "neutrality", "expert", "administrator"])
def test_only_managers_reopen_a_decision(world: World, call: Any, who: str) -> None:
    with pytest.raises(NotAllowed):
        reopen_application(by=world.users[who], application=declined(world, call), note=WHY)


@pytest.mark.parametrize("state", ["screening", "reported"])
def test_decision_is_reopened_between_jury_and_report_only(world: World, call: Any, state: str) -> None:
    application = declined(world, call)
    put(call, state)
    with pytest.raises(Conflict):
        reopen_application(by=world.programme, application=application, note=WHY)


def test_verdict_of_a_jury_at_work_is_not_published_alone(world: World, call: Any) -> None:
    application = ApplicationFactory(call=call, state="admitted", verdict="accept")
    with pytest.raises(Conflict):
        settle_reopened(by=world.programme, application=application)


def test_decision_is_reopened_and_published_by_the_pages(world: World, call: Any, client_of: Any) -> None:
    application, client = declined(world, call), client_of(world.programme)
    path = f"/en/workspace/applications/{application.public_id}/"
    desk = f"/en/workspace/calls/{call.public_id}/"
    assert f"{path}reopen/" in client.get(desk).content.decode()
    client.post(f"{path}reopen/", {"note": WHY})
    client.post(f"{path}verdict/", {"verdict": "accept"})
    assert f"{path}settle/" in client.get(desk).content.decode()
    client.post(f"{path}settle/")
    assert Application.objects.get(pk=application.pk).state == "accepted"


def test_applicant_reads_points_and_words_without_who_gave_them(world: World, call: Any, client_of: Any) -> None:
    application = ApplicationFactory(call=call, subject=world.demand, state="admitted")
    juror = JurorFactory(call=call, user=UserFactory(name="Judge Judith"))
    declare_conflicts(by=juror.user, juror=juror, organisations=[])
    sheet = {criterion.pk: Points(1, "No budget is named.") for criterion in call.criteria.all()}
    give_points(by=juror.user, juror=juror, application=application, points=sheet)
    client = client_of(world.city_admin)
    before = client.get(application.get_absolute_url()).content.decode()
    Application.objects.filter(pk=application.pk).update(state="declined", reason="evidence", note="Sorry.")
    put(call, "results")
    after = client.get(application.get_absolute_url()).content.decode()
    assert ("No budget is named." in before, "No budget is named." in after) == (False, True)
    assert "Judge Judith" not in after
    assert [mean for _criterion, mean, _words in points_of(application)] == [1.0, 1.0]


def test_other_citys_points_are_not_mine(world: World, call: Any, client_of: Any) -> None:
    application = ApplicationFactory(call=call, subject=DemandFactory(), state="declined")
    assert client_of(world.city_admin).get(application.get_absolute_url()).status_code == 404
