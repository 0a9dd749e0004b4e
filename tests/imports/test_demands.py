"""Imported demands: where they are, what they keep, and that a second import changes nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.models import FocusArea
from cities.actions import direct_demand
from cities.models import Demand
from portal.audit.models import AuditEvent
from tests.conftest import World
from tests.factories import CityFactory, PublicBodyFactory
from tests.imports.conftest import LAMPS, Done, Import, json_lines

SANTIAGO, PARIS = 3871336, 2988507


@pytest.fixture
def again(tmp_path: Path, import_demands: Import) -> Import:
    """Import the lamps with changes: the same source, the same id."""
    return lambda **changes: import_demands(json_lines(tmp_path / "again.jsonl", [{**LAMPS, **changes}]))


def state_of_everything() -> list[Any]:
    return [list(Demand.objects.order_by("pk").values()), list(AuditEvent.objects.order_by("pk").values("hash"))]


def test_imported_demand_is_published_with_its_origin(demand_row: Import) -> None:
    demand_row(
        licence="CC BY 4.0", source_url="https://data.example/1", body_name="Works department", date="2021-01-04"
    )
    demand = Demand.objects.get()
    assert (demand.state, demand.organisation, demand.body_name) == ("published", None, "Works department")
    assert (demand.source, demand.source_id, demand.source_url, demand.source_licence) == (
        "test", "1", "https://data.example/1", "CC BY 4.0",
    )  # fmt: skip
    assert (demand.published_at, demand.translations["title"]) == (
        datetime(2021, 1, 4, 12, tzinfo=UTC),
        {"en": "original"},
    )


def test_imported_demand_leaves_one_audit_event(demand_row: Import) -> None:
    demand_row()
    event = AuditEvent.objects.get()
    demand = Demand.objects.get()
    assert (event.actor, event.action, event.subject) == ("import", "demand.import", f"demand:{demand.pk}")
    assert event.after == {"source": "test", "source_id": "1", "hash": demand.source_hash}


def test_second_import_changes_nothing(again: Import) -> None:
    again()
    before = state_of_everything()
    assert again().counts == {"unchanged": 1}
    assert state_of_everything() == before


def test_changed_row_updates_and_raises_the_version(again: Import) -> None:
    again(budget_max=5, currency="EUR")
    assert again(title="Renew all street lights").counts == {"updated": 1}
    demand = Demand.objects.get()
    assert (demand.version, demand.title_en, demand.budget_max) == (2, "Renew all street lights", None)
    event = AuditEvent.objects.get(action="demand.import_update")
    assert (event.before["title"], event.after["title"]) == (LAMPS["title"], "Renew all street lights")


def test_update_in_another_language_leaves_nothing_in_the_old_column(again: Import) -> None:
    again()
    again(title="Renouveler l'éclairage public", problem="Les lampes sont usées.", language="fr")
    demand = Demand.objects.get()
    assert (demand.original_language, demand.title_fr, demand.title_en, demand.problem_en) == (
        "fr", "Renouveler l'éclairage public", "", "",
    )  # fmt: skip


def test_update_leaves_the_state_that_people_gave(again: Import, world: World) -> None:
    again()
    demand = direct_demand(by=world.moderator, demand=Demand.objects.get(source="test"), move="withdraw")
    again(title="Renew all street lights")
    demand.refresh_from_db()
    assert (demand.state, demand.title_en) == ("withdrawn", "Renew all street lights")


def test_demand_that_an_organisation_owns_is_left_alone(again: Import) -> None:
    again()
    body = PublicBodyFactory()
    Demand.objects.update(organisation=body.organisation, city=body.city)
    assert again(title="Renew all street lights").counts == {"kept": 1}
    assert Demand.objects.get().title_en == LAMPS["title"]


def test_same_id_of_another_source_is_another_demand(tmp_path: Path, import_demands: Import) -> None:
    file = json_lines(tmp_path / "d.jsonl", [LAMPS])
    assert [import_demands(file, source=source).counts for source in ("one", "two")] == [{"new": 1}, {"new": 1}]


def test_row_without_an_id_is_found_again_by_what_names_it(again: Import) -> None:
    again(id="")
    assert Demand.objects.get().source_id.startswith("sha256:")
    assert again(id="", budget_max=5, currency="EUR").counts == {"updated": 1}


# --- Where -----------------------------------------------------------------------------------------


@pytest.fixture
def cities(db: None) -> None:
    CityFactory(geonames_id=SANTIAGO, country="CL")
    CityFactory(geonames_id=PARIS, country="FR")


def place_of(done: Done) -> tuple[int | None, str, str]:
    demand = Demand.objects.select_related("city").get()
    return demand.city and demand.city.geonames_id, demand.country, demand.site


@pytest.mark.usefixtures("cities")
@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"geonames_id": SANTIAGO, "country": ""}, (SANTIAGO, "CL", "")),
        ({"city": "Santiago", "country": "Chile"}, (SANTIAGO, "CL", "")),
        ({"city": "Paris Cedex 14", "country": ""}, (PARIS, "FR", "")),
        ({"city": "パリ", "country": "FR"}, (PARIS, "FR", "")),
        ({"city": "Nowhere on Sea"}, (None, "CL", "Nowhere on Sea")),
        ({"geonames_id": PARIS, "city": "Santiago"}, (SANTIAGO, "CL", "")),
        ({"geonames_id": 12}, (None, "CL", "")),
    ],
)
def test_city_is_found_by_id_or_name_in_its_country(changes: dict, place: tuple, demand_row: Import) -> None:
    assert place_of(demand_row(**changes)) == place


@pytest.mark.usefixtures("cities")
def test_id_of_a_city_in_another_country_is_noted(demand_row: Import) -> None:
    assert demand_row(geonames_id=PARIS).notes == [
        f"city: GeoNames {PARIS} is in FR, the file says CL; the city is looked up by name.",
        f"city: “{PARIS}” is not a city that is known here; the demand has a country only.",
    ]


# --- In which language, about what -----------------------------------------------------------------


def test_language_is_told_from_the_text_where_it_is_missing(demand_row: Import) -> None:
    demand_row(title="도시 가로등 교체", problem="가로등이 낡았습니다.", language="")
    assert Demand.objects.get().title_ko == "도시 가로등 교체"


def test_language_that_is_given_is_believed_unless_told_not_to(tmp_path: Path, import_demands: Import) -> None:
    row = {**LAMPS, "title": "Renovar o alumbrado público", "problem": "As luminárias estão gastas e falham muito."}
    file = json_lines(tmp_path / "d.jsonl", [row])
    import_demands(file)
    assert Demand.objects.get().original_language == "en"
    done = import_demands(file, guess_language="always", source="other")
    assert Demand.objects.get(source="other").original_language == "pt"
    assert done.notes == ["language: the file says en, the text reads as pt."]


def test_language_that_the_text_does_not_tell_is_the_countrys(demand_row: Import) -> None:
    done = demand_row(title="№ 4711/2026", problem="", language="", country="KR")
    assert (Demand.objects.get().original_language, done.notes) == (
        "ko", ["language: cannot be told from the text; taken from the country: ko."],
    )  # fmt: skip


def test_focus_is_guessed_from_the_words_and_marked(demand_row: Import) -> None:
    demand_row()
    demand = Demand.objects.get()
    assert (demand.focus_area.code, [topic.code for topic in demand.topics.all()], demand.focus_guessed) == (
        "smart_energy", ["street_lighting"], True,
    )  # fmt: skip


def test_focus_that_the_file_gives_is_not_a_guess(demand_row: Import) -> None:
    demand_row(topics=["Cycling", "solar_power"])
    demand = Demand.objects.get()
    assert (demand.focus_area.code, [area.code for area in demand.more_focus_areas.all()], demand.focus_guessed) == (
        "mobility", ["smart_energy"], False,
    )  # fmt: skip


def test_text_without_telling_words_has_no_focus(demand_row: Import) -> None:
    demand_row(title="Four office chairs", problem="For the town clerk.")
    demand = Demand.objects.get()
    assert (demand.focus_area, demand.topics.count(), demand.focus_guessed) == (None, 0, False)


def test_focus_that_people_set_is_not_replaced_by_a_guess(again: Import) -> None:
    again()
    mobility = FocusArea.objects.get(code="mobility")
    Demand.objects.update(focus_area=mobility, focus_guessed=False)
    again(problem="The lamps are worn out and fail.")
    assert Demand.objects.get().focus_area == mobility
