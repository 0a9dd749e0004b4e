"""The next version of a listed solution: a copy to write on, and the way back.

No rights, versions or audit here: the *_actions modules keep those and call in with the listed row locked.
"""

from typing import Any

from django.db.models import Model

from catalog.evidence import KINDS, PROOF, reconcile
from catalog.models import Reference, Solution

# What belongs to one row and not to what it says: a copy has its own, and approval leaves the listed one's alone.
OWN = frozenset(
    {
        "id", "public_id", "revises", "version", "state", "submitted_at", "listed_at", "suspension_reason", "search",
        "reach", "proven", "has_reference", "source", "source_id", "source_url", "source_licence", "source_hash",
        "created_at", "updated_at",
    }
)  # fmt: skip
MANY = ("more_focus_areas", "topics")
# Bookkeeping of a child row; its facts are all its other columns.
CHILD_OWN = frozenset({"id", "solution", "copied_from", "created_at", "updated_at"})


def said_by(row: Model, without: frozenset[str]) -> dict[str, Any]:
    """Column → value of all that a row says. Translated texts by their columns of each language."""
    names = [field.name for field in row._meta.concrete_fields]
    # modeltranslation answers for the bare name with the reader's language; the columns beside it hold the texts.
    bare = {field.translated_field.name for field in row._meta.concrete_fields if hasattr(field, "translated_field")}
    return {name: getattr(row, name) for name in names if name not in without and name not in bare}


def copy_of(listed: Solution) -> Solution:
    """A stored draft that says what the listed solution says; its references remember which row they copy."""
    draft = Solution(revises=listed, **said_by(listed, OWN))
    draft.save(force_insert=True)
    for name in MANY:
        getattr(draft, name).set(getattr(listed, name).all())
    for name, kind in KINDS.items():
        for item in getattr(listed, name).all():
            origin = {"copied_from": item} if kind.model is Reference else {}
            kind.model(solution=draft, **said_by(item, CHILD_OWN), **origin).save(force_insert=True)
    return draft


def take_over(listed: Solution, draft: Solution) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the listed row say what the draft says; returns what was and what is. The caller saves the listed row.

    Children keep their identity and what was confirmed about them meanwhile, as long as their facts stay.
    """
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in said_by(draft, OWN).items():
        if (was := getattr(listed, name)) != value:
            before[name], after[name] = was, value
            setattr(listed, name, value)
    for name in MANY:
        was_set = set(getattr(listed, name).values_list("pk", flat=True))
        now_set = set(getattr(draft, name).values_list("pk", flat=True))
        if was_set != now_set:
            before[name], after[name] = sorted(was_set), sorted(now_set)
            getattr(listed, name).set(getattr(draft, name).all())
    for name in KINDS:
        was, now = reconcile(listed, name, [_row(item) for item in getattr(draft, name).all()])
        if was or now:
            before[name], after[name] = was, now
    return before, after


def _row(item: Any) -> dict[str, Any]:
    """A child of the draft as ``reconcile`` takes it: without a grade, which the evidence decides."""
    facts = said_by(item, CHILD_OWN | (PROOF - {"evidence_url"}))
    return {"id": item.copied_from_id, **facts} if isinstance(item, Reference) else facts
