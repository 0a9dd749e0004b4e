"""Which configuration is in force, and that a stored one is never changed."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from matching.configuration import active_config, config_of, read_config
from matching.engine import COMPONENTS, EXPERT, Rule
from matching.models import Match, ProfileActivation, Ranking, ScoringProfile
from matching.ranking import rank_demand, score_pair

pytestmark = pytest.mark.django_db
HEAVY = replace(EXPERT, version="learned-1", rules={**EXPERT.rules, "budget": Rule(3.0, 0.6)})


def stored(**values: Any) -> ScoringProfile:
    fields = {"id": HEAVY.id, "content": HEAVY.to_json(), "made_at": timezone.now(), **values}
    return ScoringProfile.objects.create(**fields)


def activate(by: Any) -> ProfileActivation:
    return ProfileActivation.objects.create(
        profile=stored(), activated_by=by, activated_at=timezone.now(), reason="better"
    )


def test_shipped_configuration_counts_until_a_person_chose_another(world: Any) -> None:
    assert active_config() is EXPERT
    activate(None)
    assert active_config() is EXPERT


def test_activated_profile_scores_lists_pairs_and_the_policy_page(world: Any, client: Any) -> None:
    activate(world.administrator)
    assert active_config() == HEAVY
    ranking = rank_demand(world.demand)
    assert ranking is not None
    weights = {part["component"]: part["weight"] for part in ranking.results[0]["contributions"]}
    assert (weights["budget"], ranking.config_version) == (3.0, HEAVY.id)
    assert score_pair(world.demand, world.solution)["config_version"] == HEAVY.id
    assert {HEAVY.id} == set(Match.objects.values_list("config_version", flat=True))
    assert {HEAVY.id} == set(Ranking.objects.values_list("config_version", flat=True))
    assert HEAVY.id in client.get("/en/ranking/").content.decode()
    assert client.get("/en/ranking/configuration.json").json()["id"] == HEAVY.id


@pytest.mark.parametrize("change", [{"note": "x"}, {"content": {}}, {"is_shipped": True}])
def test_profile_is_never_changed(change: dict[str, Any]) -> None:
    profile = stored()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ScoringProfile.objects.filter(pk=profile.pk).update(**change)


def test_profile_is_never_deleted() -> None:
    profile = stored()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        profile.delete()


def test_stored_configuration_comes_back_as_it_was() -> None:
    assert config_of(stored().pk) == HEAVY


def test_configuration_of_an_older_engine_takes_shipped_values_for_what_it_did_not_know() -> None:
    content = HEAVY.to_json()
    del content["rules"]["business_model"], content["scale_ramp"]
    content["rules"]["no_more"] = {"weight": 1.0, "neutral": 0.5, "curve": {"x": [0.0], "y": [0.0]}}
    carried = read_config(content)
    assert carried.rules["budget"] == HEAVY.rules["budget"]
    assert carried.rules["business_model"] == EXPERT.rules["business_model"]
    assert (set(carried.rules), carried.scale_ramp) == (set(COMPONENTS), EXPERT.scale_ramp)
