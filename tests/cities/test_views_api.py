"""Published demands as JSON, and the back office for facts about cities."""

from typing import Any

import pytest
from django.contrib.admin import site as back_office
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIRequestFactory

from catalog.models import Criterion, Topic
from cities.admin import CityAdmin
from cities.api.views import DemandViewSet
from cities.models import City, Requirement
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from tests.factories import CityFactory, DemandFactory

pytestmark = pytest.mark.django_db


def ask(user: Any = None, public_id: str = "", method: str = "get", **query: Any) -> Any:
    actions = {"get": "retrieve" if public_id else "list"}
    request = getattr(APIRequestFactory(), method)("/api/v1/demands/", query)
    request.user = user or AnonymousUser()
    request._force_auth_user = request.user
    kwargs = {"public_id": public_id} if public_id else {}
    return DemandViewSet.as_view(actions)(request, **kwargs)


class TestApi:
    def test_list_holds_what_the_caller_may_read(self, world: Any) -> None:
        hidden = DemandFactory(visibility="members")
        DemandFactory(state="draft", body=world.city)
        assert {row["reference"] for row in ask().data["results"]} == {world.demand.public_id}
        both = {world.demand.public_id, hidden.public_id}
        assert {row["reference"] for row in ask(world.city_admin).data["results"]} == both

    def test_draft_is_not_found_even_for_its_own(self, world: Any) -> None:
        draft = DemandFactory(state="draft", body=world.city)
        assert ask(world.city_admin, draft.public_id).status_code == 404

    def test_detail_gives_every_language_with_its_status(self) -> None:
        demand = DemandFactory(
            language="ko", title="가로등", title_en="Lights", translations={"title": {"en": "machine"}}
        )
        assert ask(public_id=demand.public_id).data["title"] == [
            {"language": "ko", "status": "original", "text": "가로등"},
            {"language": "en", "status": "machine", "text": "Lights"},
        ]

    def test_requirements_carry_operator_and_unit(self) -> None:
        demand = DemandFactory()
        Requirement.objects.create(demand=demand, criterion=Criterion.objects.get(code="warranty_years"), number=5)
        assert ask(public_id=demand.public_id).data["requirements"] == [
            {"criterion": "warranty_years", "operator": "ge", "number": "5.000", "unit": "year", "is_mandatory": True}
        ]

    def test_nothing_about_people_or_review_leaves(self, world: Any) -> None:
        fields = set(ask(public_id=world.demand.public_id).data)
        assert not fields & {
            "submitted_by",
            "published_by",
            "review_note",
            "state_reason",
            "id",
            "source_hash",
            "search",
        }

    def test_filters_are_those_of_the_page(self) -> None:
        design = DemandFactory(stage="design")
        DemandFactory(stage="idea")
        assert [row["reference"] for row in ask(stage="design").data["results"]] == [design.public_id]

    def test_invalid_filter_is_refused(self) -> None:
        response = ask(stage="later")
        assert (response.status_code, list(response.data["detail"])) == (400, ["stage"])

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_can_be_written(self, world: Any, method: str) -> None:
        assert ask(world.moderator, method=method).status_code == 403

    def test_list_asks_no_more_for_more_rows(self) -> None:
        counts = []
        for _round in range(2):
            DemandFactory(topics=list(Topic.objects.all()[:3]))
            with CaptureQueriesContext(connection) as queries:
                ask()
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestBackOffice:
    def test_only_administrators_see_cities(self, world: Any) -> None:
        admin, request = CityAdmin(City, back_office), RequestFactory().get("/admin/")
        rights = []
        for user in (world.administrator, world.moderator, world.city_admin):
            request.user = user
            rights.append((admin.has_module_permission(request), admin.has_change_permission(request)))
        assert rights == [(True, True), (False, False), (False, False)]

    def test_change_is_made_by_the_action_and_audited(self, client_of: Any, world: Any) -> None:
        city = CityFactory()
        User.objects.filter(pk=world.administrator.pk).update(is_staff=True)
        client = client_of(User.objects.get(pk=world.administrator.pk))
        data = {"hazards": "flood,heat", "working_languages": "es", "iclei_member_since": "2019-05-01"}
        response = client.post(f"/admin/cities/city/{city.pk}/change/", data)
        assert response.status_code == 302
        event = AuditEvent.objects.get(action="city.edit")
        assert event.after == {
            "hazards": ["flood", "heat"],
            "working_languages": ["es"],
            "iclei_member_since": "2019-05-01",
        }
        assert City.objects.get(pk=city.pk).hazards == ["flood", "heat"]

    def test_facts_of_geonames_stay(self, client_of: Any, world: Any) -> None:
        city = CityFactory(population=1000)
        User.objects.filter(pk=world.administrator.pk).update(is_staff=True)
        client_of(User.objects.get(pk=world.administrator.pk)).post(
            f"/admin/cities/city/{city.pk}/change/", {"population": "9", "hazards": "", "working_languages": ""}
        )
        assert City.objects.get(pk=city.pk).population == 1000
