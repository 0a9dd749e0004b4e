"""The score cannot favour a partner, because nothing that could tell one ever reaches it."""

from dataclasses import fields, is_dataclass
from typing import get_type_hints

import pytest

from matching.engine import profiles

# Everything a profile may say. A new field is a decision about what the score may weigh: add it here knowingly.
SOLUTION_FIELDS = {
    "id", "version", "language", "vector", "vector_space", "terms", "concepts", "subject", "focus", "topics",
    "focus_is_guessed", "countries", "worldwide", "capabilities", "city_population", "quantity", "cost_eur",
    "lead_time_months", "languages_of_work", "business_models", "references", "claims", "live", "expires",
}  # fmt: skip
FORBIDDEN = ("name", "provider", "partner", "sponsor", "paid", "pay", "fee", "tier", "owner", "organisation", "member")

PROFILES = [kind for kind in vars(profiles).values() if isinstance(kind, type) and is_dataclass(kind)]


def test_solution_profile_says_only_what_was_agreed():
    assert {field.name for field in fields(profiles.SolutionProfile)} == SOLUTION_FIELDS


@pytest.mark.parametrize("kind", PROFILES, ids=lambda kind: kind.__name__)
def test_no_profile_has_a_field_for_who_offers_or_pays(kind):
    assert [name for name in get_type_hints(kind) if any(word in name for word in FORBIDDEN)] == []


@pytest.mark.parametrize("kind", PROFILES, ids=lambda kind: kind.__name__)
def test_no_profile_takes_a_field_that_was_not_declared(kind):
    assert "__dict__" not in dir(kind)
