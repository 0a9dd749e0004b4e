"""A jury that sees no names, and nothing at all of those it is tied to."""

from typing import Any

import pytest
from django.utils import timezone

from portal.accounts.models import Membership
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.programmes.blinding import blind, order_for
from portal.programmes.jury_actions import (
    Points,
    applicants,
    ask_juror,
    declare_conflicts,
    give_points,
    propose_verdict,
)
from portal.programmes.models import Application, Juror, Score
from portal.programmes.results import standings
from portal.programmes.rules import can_score
from tests.conftest import World
from tests.factories import DemandFactory, UserFactory
from tests.factories.programmes import ApplicationFactory, CallFactory, JurorFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Any:
    return CallFactory(programme=ProgrammeFactory(state="jury"))


@pytest.fixture
def application(call: Any, world: World) -> Application:
    organisation = world.city.organisation
    organisation.name = "Ciudad de Rancagua"
    organisation.save(update_fields=["name"])
    demand = DemandFactory(
        body=world.city, title="Rancagua needs shade",
        problem="Write to ana@rancagua.cl or see www.rancagua.cl, phone +56 72 222 3333.",
    )  # fmt: skip
    found: Application = ApplicationFactory(call=call, subject=demand, state="admitted")
    question = call.questions.get()
    Application.objects.filter(pk=found.pk).update(
        answers={str(question.pk): "We, Ciudad de Rancagua, ask: call city admin at ana@rancagua.cl."}
    )
    return Application.objects.get(pk=found.pk)


def sheet(call: Any, points: int, comment: str = "") -> dict[int, Points]:
    return {criterion.pk: Points(points, comment) for criterion in call.criteria.all()}


def test_juror_reads_no_name_no_address_no_link(application: Application) -> None:
    read = blind(application)
    text = " ".join([*(text for _field, text in read.texts), *(text for _question, text in read.answers)])
    assert [word for word in ("Rancagua", "@", "www.", "222", "city admin") if word in text] == []


def test_pages_of_a_juror_show_neither_name_nor_reference(call: Any, application: Application, client_of: Any) -> None:
    juror = JurorFactory(call=call, declared_at=timezone.now())
    client = client_of(juror.user)
    pages = [f"/en/jury/{call.public_id}/", f"/en/jury/{call.public_id}/{application.number}/"]
    html = "".join(client.get(page).content.decode() for page in pages)
    hidden = (
        "Rancagua",
        "ana@",
        application.public_id,
        application.demand.public_id,
        application.organisation.public_id,
    )
    assert "Application" in html
    assert [word for word in hidden if word in html] == []


def test_moderator_on_a_jury_cannot_look_an_application_up(
    call: Any, application: Application, world: World, client_of: Any
) -> None:
    assert client_of(world.moderator).get(application.get_absolute_url()).status_code == 404


def test_nothing_is_shown_before_the_conflict_form(call: Any, application: Application, client_of: Any) -> None:
    juror = JurorFactory(call=call)
    answer = client_of(juror.user).get(f"/en/jury/{call.public_id}/")
    assert answer.headers["Location"].endswith("/ties/")
    assert client_of(juror.user).get(f"/en/jury/{call.public_id}/{application.number}/").status_code == 404


def test_declared_tie_hides_the_application(call: Any, application: Application, client_of: Any) -> None:
    juror = JurorFactory(call=call)
    declare_conflicts(by=juror.user, juror=juror, organisations=[application.organisation])
    assert client_of(juror.user).get(f"/en/jury/{call.public_id}/{application.number}/").status_code == 404
    with pytest.raises(NotAllowed):
        give_points(by=juror.user, juror=juror, application=application, points=sheet(call, 5))


def test_tie_that_the_portal_knows_hides_it_without_a_word_of_the_juror(call: Any, application: Application) -> None:
    juror = JurorFactory(call=call)
    Membership.objects.create(user=juror.user, organisation=application.organisation, role="editor")
    declare_conflicts(by=juror.user, juror=juror, organisations=[])
    assert juror.conflicts.get().is_declared is False
    assert not can_score(Juror.objects.get(), application)


def test_tie_declared_later_takes_the_points_back(call: Any, application: Application) -> None:
    juror = JurorFactory(call=call, declared_at=timezone.now())
    give_points(by=juror.user, juror=juror, application=application, points=sheet(call, 5))
    declare_conflicts(by=juror.user, juror=juror, organisations=[application.organisation])
    assert standings(call)[0].result.mean is None


def test_conflict_form_names_those_admitted_only(call: Any, application: Application) -> None:
    ApplicationFactory(call=call, state="screened_out")
    assert [organisation.pk for organisation in applicants(call)] == [application.organisation_id]


@pytest.mark.parametrize("who", ["city_admin", "provider_admin", "programme", "neutrality", "newcomer"])
def test_only_experts_and_moderators_are_asked(call: Any, world: World, who: str) -> None:
    with pytest.raises(DomainError):
        ask_juror(by=world.programme, call=call, user=world.users[who])


def test_low_points_need_a_word(call: Any, application: Application) -> None:
    juror = JurorFactory(call=call, declared_at=timezone.now())
    with pytest.raises(Incomplete, match="say why"):
        give_points(by=juror.user, juror=juror, application=application, points=sheet(call, 1))
    assert not Score.objects.exists()


def test_half_a_sheet_is_refused(call: Any, application: Application) -> None:
    juror = JurorFactory(call=call, declared_at=timezone.now())
    half = dict(list(sheet(call, 4).items())[:1])
    with pytest.raises(Incomplete):
        give_points(by=juror.user, juror=juror, application=application, points=half)


def test_points_are_changed_not_added(call: Any, application: Application) -> None:
    juror = JurorFactory(call=call, declared_at=timezone.now())
    for points in (3, 4):
        give_points(by=juror.user, juror=juror, application=application, points=sheet(call, points))
    assert standings(call)[0].result.mean == 4.0


def test_nobody_scores_on_the_sheet_of_another(call: Any, application: Application) -> None:
    juror = JurorFactory(call=call, declared_at=timezone.now())
    with pytest.raises(NotAllowed):
        give_points(by=UserFactory(), juror=juror, application=application, points=sheet(call, 5))


@pytest.mark.parametrize("state", ["open", "closed", "screening", "reported"])
def test_points_are_given_while_the_jury_is_at_work(application: Application, call: Any, state: str) -> None:
    juror = JurorFactory(call=call, declared_at=timezone.now())
    type(call.programme).objects.update(state=state)
    fresh = Application.objects.select_related("call__programme").get(pk=application.pk)
    with pytest.raises(NotAllowed):
        give_points(by=juror.user, juror=juror, application=fresh, points=sheet(call, 5))
    with pytest.raises(Conflict):
        declare_conflicts(by=juror.user, juror=Juror.objects.get(), organisations=[])


def test_verdict_without_reason_and_words_is_refused(application: Application, world: World) -> None:
    with pytest.raises(Incomplete):
        propose_verdict(by=world.programme, application=application, verdict="decline")


def test_every_juror_reads_in_an_order_of_their_own(call: Any) -> None:
    applications = [ApplicationFactory(call=call, state="admitted") for _number in range(8)]
    first, second = JurorFactory(call=call), JurorFactory(call=call)
    assert order_for(first, applications) == order_for(first, applications[::-1])
    assert order_for(first, applications) != order_for(second, applications)
