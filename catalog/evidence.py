"""Capabilities, claims and references of a solution: which rows change, and what their evidence is worth afterwards.

No rights, versions or audit here: the *_actions modules keep those and call ``reconcile`` with the solution locked.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.db import models

from catalog.enums import EvidenceGrade
from catalog.models import Capability, Claim, Reference, Solution

# What a grade rests on is not part of the facts it vouches for.
PROOF = frozenset({"grade", "evidence_url", "confirmed_by", "confirmed_at"})


class Kind(NamedTuple):
    model: type[models.Model]
    key: Callable[[Mapping[str, Any]], Any]
    key_of: Callable[[Any], Any]


KINDS = {
    "capabilities": Kind(Capability, lambda row: row["criterion"].pk, lambda item: item.criterion_id),
    "claims": Kind(Claim, lambda row: row["dimension"], lambda item: item.dimension),
    "references": Kind(Reference, lambda row: row.get("id"), lambda item: item.pk),
}


class Difference(NamedTuple):
    before: dict[str, Any]
    after: dict[str, Any]


def reconcile(solution: Solution, name: str, rows: Iterable[Mapping[str, Any]]) -> Difference:
    """Make the rows of one kind equal to ``rows``; what did not change keeps its identity and its grade.

    A row without ``grade`` earns one: documented with a link to evidence, else declared. What a city confirmed stays
    confirmed only while the facts that it confirmed stay.
    """
    kind = KINDS[name]
    present = {kind.key_of(item): item for item in getattr(solution, name).all()}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for row in rows:
        item = present.pop(kind.key(row), None)
        fields = {key: value for key, value in row.items() if key != "id"}
        was, now = _write(solution, kind.model, item, fields)
        if now:
            label = str(item or len(after))
            before[label], after[label] = was, now
    for item in present.values():
        before[str(item)] = "removed"
        item.delete()
    weigh(solution)
    return Difference(before, after)


def weigh(solution: Solution) -> None:
    """Keep with a locked solution what filters ask of its evidence."""
    claims, references = (list(rows.values_list("grade", flat=True)) for rows in (solution.claims, solution.references))
    solution.proven = max((EvidenceGrade(grade).rank for grade in (*claims, *references)), default=0)
    solution.has_reference = bool(references)
    solution.save(update_fields=["proven", "has_reference"])


def _write(
    solution: Solution, model: type[models.Model], item: Any, fields: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = {key for key, value in fields.items() if item is None or getattr(item, key) != value}
    if "grade" not in fields:
        facts_changed = bool(changed - PROOF)
        fields = {**fields, "grade": _grade(item, fields.get("evidence_url", ""), facts_changed)}
        if facts_changed and model is Reference:
            fields |= {"confirmed_by": "", "confirmed_at": None}
    if item is None:
        model(solution=solution, **fields).save(force_insert=True)
        return {}, fields
    if changed - {"grade"}:
        # What a moderator found in the old document, or for the old words, says nothing of the new ones.
        item.checks.filter(is_current=True).update(is_current=False)
    now = {key: value for key, value in fields.items() if getattr(item, key) != value}
    was = {key: getattr(item, key) for key in now}
    for key, value in now.items():
        setattr(item, key, value)
    if now:
        item.save(update_fields=[*now, *(["updated_at"] if hasattr(item, "updated_at") else [])])
    return was, now


def _grade(item: Any, evidence_url: str, facts_changed: bool) -> str:
    if item is not None and not facts_changed:
        proven = EvidenceGrade(item.grade).rank > EvidenceGrade.DOCUMENTED.rank
        if proven or item.evidence_url == evidence_url:
            return str(item.grade)
    return EvidenceGrade.DOCUMENTED if evidence_url else EvidenceGrade.DECLARED
