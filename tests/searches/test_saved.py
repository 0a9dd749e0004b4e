"""Saved searches: keeping, renaming and removing them, and being told of new results, each once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cities.actions import refresh_search
from portal.common.errors import DomainError
from portal.notices.models import Notice
from portal.searches import saving_actions
from portal.searches.letters import new_results
from portal.searches.models import SavedSearch
from portal.searches.saving_actions import edit_search, next_look, save_search, tell_of_new
from tests.factories import DemandFactory, SolutionFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/en/my/searches/"


def saved(user: Any, query: str = "q=bus", **fields: Any) -> SavedSearch:
    values = {"name": "Buses", "subject": "demands", "query": query, "language": "en", "cadence": "now", **fields}
    return save_search(by=user, **values)


def published(**fields: Any) -> Any:
    demand = DemandFactory(**{"title": "A bus", "published_at": timezone.now() + timedelta(seconds=1), **fields})
    refresh_search(demand)
    return demand


def later(minutes: int = 6) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


class TestKeeping:
    def test_list_is_saved_with_its_filters_only(self, client_of: Any, world: Any) -> None:
        client = client_of(world.provider_editor)
        page = client.get("/en/my/searches/new/demands/?page=3&q=bus&focus=mobility&stage=&place=XX")
        assert "Focus area: Urban transport and mobility" in page.content.decode()
        client.post(
            "/en/my/searches/new/demands/?page=3&q=bus&focus=mobility&stage=&place=XX", {"name": "B", "cadence": "off"}
        )
        assert SavedSearch.objects.get().query == "q=bus&focus=mobility"

    def test_saving_again_changes_the_name(self, world: Any) -> None:
        saved(world.provider_editor)
        saved(world.provider_editor, name="Coaches")
        assert SavedSearch.objects.get().name == "Coaches"

    def test_nobody_saves_without_end(self, world: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(saving_actions, "MOST", 1)
        saved(world.provider_editor)
        with pytest.raises(DomainError):
            saved(world.provider_editor, query="q=tram")

    def test_page_lists_opens_renames_and_removes(self, client_of: Any, world: Any) -> None:
        search, client = saved(world.provider_editor), client_of(world.provider_editor)
        assert "Buses" in client.get(LIST).content.decode()
        assert client.get(f"{LIST}{search.pk}/").url == "/en/demands/?q=bus"
        client.post(f"{LIST}{search.pk}/edit/", {"name": "Coaches", "cadence": "weekly"})
        assert SavedSearch.objects.values_list("name", "cadence").get() == ("Coaches", "weekly")
        client.post(f"{LIST}{search.pk}/remove/")
        assert not SavedSearch.objects.exists()

    def test_name_is_wanted_and_nothing_is_lost(self, client_of: Any, world: Any) -> None:
        response = client_of(world.provider_editor).post("/en/my/searches/new/solutions/?q=x", {"cadence": "weekly"})
        assert response.status_code == 422
        assert response.context["form"]["cadence"].value() == "weekly"


class TestAlerts:
    def test_new_record_is_told_once(self, world: Any) -> None:
        search = saved(world.provider_editor)
        published()
        assert [tell_of_new(search_id=search.pk, now=later()), tell_of_new(search_id=search.pk, now=later(12))] == [
            1,
            0,
        ]
        assert Notice.objects.get(kind="search_found").params == {"name": "Buses", "count": "1"}

    def test_mail_names_what_is_new_and_still_there(self, world: Any) -> None:
        search = saved(world.provider_editor)
        published(title="A bus lane")
        gone = published(title="A bus depot")
        tell_of_new(search_id=search.pk, now=later())
        gone.state = "withdrawn"
        gone.save(update_fields=["state"])
        assert new_results(Notice.objects.get(kind="search_found")).paragraphs == ("A bus lane",)

    def test_record_that_was_there_is_not_news(self, world: Any) -> None:
        published(published_at=timezone.now() - timedelta(minutes=1))
        assert tell_of_new(search_id=saved(world.provider_editor).pk, now=later()) == 0

    @pytest.mark.parametrize("hidden", [{"state": "draft"}, {"visibility": "members"}, {"title": "A tram"}])
    def test_record_that_the_owner_does_not_find_is_not_told(self, hidden: dict[str, str]) -> None:
        search = saved(UserFactory())
        published(**hidden)
        assert tell_of_new(search_id=search.pk, now=later()) == 0

    def test_record_withdrawn_before_the_look_is_not_told(self, world: Any) -> None:
        search = saved(world.provider_editor)
        demand = published()
        demand.state = "withdrawn"
        demand.save(update_fields=["state"])
        assert tell_of_new(search_id=search.pk, now=later()) == 0

    def test_solutions_are_told_by_the_day_of_listing(self, world: Any) -> None:
        search = saved(world.city_editor, query="focus=smart_energy", subject="solutions")
        SolutionFactory(listed_at=timezone.now() + timedelta(seconds=1))
        found = tell_of_new(search_id=search.pk, now=later())
        assert found == 1

    def test_alerts_switched_on_again_begin_now(self, world: Any) -> None:
        search = saved(world.provider_editor, cadence="off")
        published()
        edit_search(by=world.provider_editor, search=search, name="Buses", cadence="now")
        SavedSearch.objects.update(looked_at=later(70))
        assert tell_of_new(search_id=search.pk, now=later(72)) == 0

    def test_nobody_is_told_who_left(self) -> None:
        search = saved(UserFactory())
        published()
        search.user.is_active = False
        search.user.save(update_fields=["is_active"])
        assert tell_of_new(search_id=search.pk, now=later()) == 0


@pytest.mark.parametrize(
    ("cadence", "now", "zone", "due"),
    [
        ("daily", datetime(2027, 3, 27, 9, tzinfo=UTC), "Europe/Berlin", datetime(2027, 3, 28, 6, tzinfo=UTC)),
        ("daily", datetime(2027, 3, 26, 9, tzinfo=UTC), "Europe/Berlin", datetime(2027, 3, 27, 7, tzinfo=UTC)),
        ("daily", datetime(2027, 1, 1, 22, 59, tzinfo=UTC), "Asia/Seoul", datetime(2027, 1, 1, 23, tzinfo=UTC)),
        ("weekly", datetime(2027, 1, 4, 11, tzinfo=UTC), "America/Sao_Paulo", datetime(2027, 1, 11, 11, tzinfo=UTC)),
        ("off", datetime(2027, 1, 4, 11, tzinfo=UTC), "UTC", None),
    ],
)
def test_next_look_is_at_eight_on_the_owners_clock(
    cadence: str, now: datetime, zone: str, due: datetime | None
) -> None:
    assert next_look(cadence, now, zone) == due
