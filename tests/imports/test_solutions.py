"""Imported solutions and the providers they bring with them."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from catalog.models import Provider, Solution
from portal.accounts.models import Organisation
from portal.audit.models import AuditEvent
from tests.factories import MembershipFactory
from tests.imports.conftest import Import, json_lines

SHOP = {
    "id": "1", "name": "Lamp watch", "solves": "Street lights fail unseen.", "provider": "Lumen GmbH", "language": "en",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path, import_solutions: Import) -> Import:
    return lambda *rows: import_solutions(json_lines(tmp_path / "s.jsonl", [{**SHOP, **row} for row in rows]))


def test_imported_solution_is_listed_and_seen_with_its_provider(shop: Import) -> None:
    shop({"provider_country": "Germany", "provider_website": "www.lumen.example", "provider_kind": "sme"})
    (solution,) = Solution.objects.visible_to(AnonymousUser())
    (provider,) = Provider.objects.visible_to(AnonymousUser())
    assert (solution.state, solution.provider, str(provider), provider.kind) == (
        "listed",
        provider,
        "Lumen GmbH",
        "sme",
    )
    organisation = provider.organisation
    assert (organisation.state, organisation.country, organisation.website) == (
        "pending",
        "DE",
        "https://www.lumen.example",
    )


def test_imported_provider_is_not_for_moderators_to_verify(shop: Import) -> None:
    shop({})
    assert list(Organisation.objects.pending()) == []
    MembershipFactory(organisation=Organisation.objects.get())
    assert list(Organisation.objects.pending()) == [Organisation.objects.get()]


def test_imported_provider_that_was_refused_is_not_seen(shop: Import) -> None:
    shop({})
    Organisation.objects.update(state="refused")
    assert list(Provider.objects.visible_to(AnonymousUser())) == []


def test_same_provider_name_is_one_provider_within_a_source(shop: Import) -> None:
    shop({}, {"id": "2", "provider": "LUMEN GmbH", "provider_country": "DE"}, {"id": "3", "provider": "Watt AG"})
    assert Provider.objects.count() == 2
    assert Organisation.objects.get(name="Lumen GmbH").country == "DE"


def test_second_import_changes_nothing(shop: Import) -> None:
    rows: list[dict[str, Any]] = [{}, {"id": "2", "business_models": ["lease"], "regions": "Chile; 150", "trl": 9}]
    shop(*rows)
    before = [list(model.objects.order_by("pk").values()) for model in (Solution, Provider, Organisation, AuditEvent)]
    assert shop(*rows).counts == {"unchanged": 2}
    assert [
        list(model.objects.order_by("pk").values()) for model in (Solution, Provider, Organisation, AuditEvent)
    ] == before
    assert Solution.objects.get(source_id="2").regions == ["CL", "150"]


def test_changed_row_updates_and_raises_the_version(shop: Import) -> None:
    shop({})
    assert shop({"provider": "Watt AG", "trl": 8}).counts == {"updated": 1}
    solution = Solution.objects.get()
    assert (solution.version, str(solution.provider), solution.trl) == (2, "Watt AG", 8)


def test_solution_whose_provider_has_members_is_left_alone(shop: Import) -> None:
    shop({})
    MembershipFactory(organisation=Organisation.objects.get())
    assert shop({"trl": 8}).counts == {"kept": 1}
    assert Solution.objects.get().trl is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"provider": ""}, "provider: is empty, but every record needs it."),
        ({"trl": 12}, "trl: 12 is not a technology readiness level."),
        ({"cost_min": 5, "cost_max": 2, "currency": "EUR"}, "cost_min (5.00) is more than cost_max (2.00)."),
        ({"city_population_min": 5, "city_population_max": 2}, "city_population_min (5) is more than"),
        ({"lead_time_months": 40_000}, "lead_time_months: 40000 is too large."),
        ({"cost_max": -1, "currency": "EUR"}, "cost_max: -1 is negative."),
    ],
)
def test_row_with_a_wrong_value_is_refused_with_the_reason(changes: dict, says: str, shop: Import) -> None:
    done = shop(changes)
    assert says in done.why[0]
    assert (Solution.objects.count(), Provider.objects.count(), Organisation.objects.count()) == (0, 0, 0)
