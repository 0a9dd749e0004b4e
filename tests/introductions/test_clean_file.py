"""What the clean file says, that two copies are one, and that nothing in it misleads."""

import hashlib
import json
from typing import Any

import pytest

from matching.introductions.clean_file import SOMEBODY, canonical, clean_file_of
from matching.introductions.clean_words import facts, printed, sections
from matching.introductions.question_actions import answer_question, ask_question, release_answer
from matching.models import Introduction
from portal.jobs.tasks import run_due
from tests.introductions.conftest import Invited

pytestmark = pytest.mark.django_db


def asked(invited: Invited) -> None:
    question = ask_question(by=invited.other_provider_editor, demand=invited.demand, body="Which?", language="en")
    question = answer_question(by=invited.city_editor, question=question, answer="All.", language="en")
    release_answer(by=invited.moderator, question=question)
    run_due()


def test_it_holds_matches_decisions_and_versions(introduction: Introduction, invited: Invited) -> None:
    content = clean_file_of(invited.demand).content
    own = next(one for one in content["matches"] if one["id"] == invited.match.public_id)
    assert [step["move"] for step in own["decisions"]] == [
        "offer", "accept_by_city", "invite", "accept_by_provider", "introduce",
    ]  # fmt: skip
    assert [step["by"] for step in own["decisions"]] == ["iclei", "city", "portal", "provider", "portal"]
    assert own["versions"]["engine"] == invited.match.engine_version
    assert own["versions"]["configuration"] == invited.match.config_version


def test_it_shows_that_all_were_told_the_same(introduction: Introduction, invited: Invited) -> None:
    asked(invited)
    lines = [one for one in clean_file_of(invited.demand).content["equal_information"] if one["what"] == "answer"]
    assert len({line["provider"] for line in lines}) == 2
    assert len({(line["sha256"], line["at"]) for line in lines}) == 1


def test_who_asked_is_named_only_once_that_provider_is_introduced(introduction: Introduction, invited: Invited) -> None:
    asked(invited)
    (question,) = clean_file_of(invited.demand).content["questions"]
    assert question["by"] == SOMEBODY
    invited.other_match.__class__.objects.filter(pk=invited.other_match.pk).update(state="introduced")
    (question,) = clean_file_of(invited.demand).content["questions"]
    assert question["by"] == invited.other_provider.organisation.name


def test_it_names_no_person(introduction: Introduction, invited: Invited) -> None:
    asked(invited)
    text = clean_file_of(invited.demand).as_json()
    people = [user for name, user in invited.world.users.items() if name.startswith(("city_", "provider_"))]
    assert [user.email for user in people if user.email in text or user.name in text] == []


def test_the_hash_is_that_of_the_canonical_content(introduction: Introduction, invited: Invited) -> None:
    read = json.loads(clean_file_of(invited.demand).as_json())
    digest, _made_at, _head = read.pop("sha256"), read.pop("made_at"), read.pop("audit_head")
    assert hashlib.sha256(canonical(read).encode()).hexdigest() == digest


def test_the_hash_changes_with_what_happened(invited: Invited) -> None:
    before = clean_file_of(invited.demand).digest
    asked(invited)
    assert clean_file_of(invited.demand).digest != before


def test_names_with_direction_marks_are_spelled_out(invited: Invited) -> None:
    organisation = invited.provider.organisation
    type(organisation).objects.filter(pk=organisation.pk).update(name="Lamp\u202egnp.exe")
    found = clean_file_of(invited.demand)
    assert "\u202e" not in found.as_json()
    assert json.loads(found.as_json())["matches"][0]["provider"] == "Lamp\u202egnp.exe"
    assert printed(found).content().startswith(b"%PDF-")


def test_every_section_has_as_many_cells_as_its_head(introduction: Introduction, invited: Invited) -> None:
    asked(invited)
    for section in sections(clean_file_of(invited.demand)):
        assert {len(row) for row in section.rows} <= {len(section.head)}
        assert (len(section.widths), sum(section.widths)) == (len(section.head), 100)


def test_the_facts_carry_the_hash_and_the_head_of_the_chain(invited: Invited) -> None:
    found = clean_file_of(invited.demand)
    shown: dict[str, Any] = dict(facts(found))
    assert found.digest in shown.values()
    assert any(found.head["hash"] in str(value) for value in shown.values())
