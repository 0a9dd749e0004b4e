"""One road per write: records are saved, made, changed and deleted in actions, and in the few places named here."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import calls, modules

WRITES = frozenset(
    {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    | {"asave", "acreate", "aupdate", "adelete", "aget_or_create", "set_password"}
)
# What writes elsewhere, and why it may.
ALLOWED = {
    "portal/audit/transitions.py": "the road itself",
    "catalog/imports.py": "actions on whole files of records, audited like all others",
    "cities/imports.py": "actions on whole files of records, audited like all others",
    "portal/accounts/imports.py": "actions on whole files of records, audited like all others",
    "catalog/revisions.py": "a copy to write on, for catalog/*_actions.py, which audit its beginning and its approval",
    "catalog/evidence.py": "rows of a form set, for catalog/writing_actions.py, which audits the difference",
    "matching/ranking.py": "what the engine found is stored by the code that asked it; tasks and actions share it",
    "matching/lists.py": "rows of lists for matching/ranking.py, many at once",
    "matching/vectors.py": "vectors are a cache of the encoder",
    "catalog/vocabulary.py": "loads committed reference data",
    "cities/reference.py": "loads committed reference data",
    "portal/jobs/hints.py": "no records",
    "portal/common/uploads.py": "a picture into memory, no record",
    "portal/common/social.py": "a picture into memory, no record",
    "portal/accounts/models.py": "the user manager that Django's own commands call",
    "portal/embedded/generated": "records to measure with, by COPY, in states that no action would reach in a day",
    "portal/embedded/demo": "demo content; people and organisations in the state the story needs",
    "portal/embedded/management/commands/create_administrator.py": "the first person, before anybody may act",
}
# Not writes of records: dictionaries, sets, hashes, messages and files have methods of these names.
HARMLESS = frozenset({"update"})
NUMPY = "np.delete"


def is_manager_call(call: ast.Call) -> bool:
    """``X.objects…update(…)``: a query set somewhere in the chain, not a dictionary."""
    node: ast.AST = call.func
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_base_manager", "_default_manager"}:
            return True
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return False


def is_super_call(call: ast.Call) -> bool:
    """``super().save(…)`` in a model adds to a write, it does not decide on one."""
    value = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "super"


def writes_in(tree: ast.Module) -> list[str]:
    found = []
    for call in calls(tree):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES or is_super_call(call):
            continue
        if ast.unparse(call.func) != NUMPY and (call.func.attr not in HARMLESS or is_manager_call(call)):
            found.append(f"{call.lineno}: {ast.unparse(call.func)}")
    return found


def may_write(path: Path) -> bool:
    is_action = "actions" in path.stem or "actions" in path.parts
    return is_action or any(str(path).startswith(place) for place in ALLOWED)


def test_records_are_written_in_actions_only() -> None:
    found = {str(path): lines for path, tree in modules().items() if not may_write(path) and (lines := writes_in(tree))}
    assert found == {}


def test_every_exception_is_still_there() -> None:
    paths = [str(path) for path in modules()]
    assert [place for place in ALLOWED if not any(path.startswith(place) for path in paths)] == []


@pytest.mark.parametrize(
    ("code", "is_write"),
    [
        ("demand.save()", True),
        ("Demand.objects.filter(pk=1).update(state='x')", True),
        ("form.save()", True),
        ("super().save(*args)", False),
        ("context.update(more)", False),
        ("Demand.objects.bulk_create(rows)", True),
        ("match.delete()", True),
    ],
)
def test_search_finds_writes_and_only_writes(code: str, is_write: bool) -> None:
    assert bool(writes_in(ast.parse(code))) == is_write


def test_rows_are_locked_without_their_keys() -> None:
    """A plain FOR UPDATE makes foreign key checks wait, and one that waits while it holds the audit chain deadlocks."""
    plain = [
        f"{path}:{call.lineno}"
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "select_for_update"
        if not any(keyword.arg == "no_key" for keyword in call.keywords)
    ]
    assert plain == ["matching/ranking.py:" + line.rpartition(":")[2] for line in plain], plain
    assert len(plain) == 1, "drop_untouched deletes what it locks; nobody else does"


def test_views_and_forms_raise_no_state_themselves() -> None:
    """A state changes through transition(), which asks the table and writes the trace."""
    setters = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if path.name != "transitions.py" and path.parts[:2] not in {("portal", "jobs"), ("portal", "embedded")}
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "state"
    ]
    assert setters == []
