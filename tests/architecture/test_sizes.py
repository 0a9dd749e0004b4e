"""Sizes that call for a second look. They are shown, not enforced: some things are long because they are one thing."""

import ast
import warnings
from pathlib import Path

from portal.embedded.home import CHECKOUT
from tests.architecture.sources import modules

FUNCTION, FILE, TEMPLATE = 30, 300, 120


def long_functions() -> list[str]:
    return [
        f"{path}:{node.lineno} {node.name} {length}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION
    ]


def long_files() -> list[str]:
    files = [*(CHECKOUT / path for path in modules()), *Path(CHECKOUT / "templates").rglob("*.html")]
    return [
        f"{path.relative_to(CHECKOUT)} {lines}"
        for path in files
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (TEMPLATE if path.suffix == ".html" else FILE)
    ]


def test_sizes_are_shown(record_property: object) -> None:
    functions, files = long_functions(), long_files()
    record_property("long functions", len(functions))  # type: ignore[operator]
    record_property("long files", len(files))  # type: ignore[operator]
    print(f"\n{len(functions)} functions over {FUNCTION} lines, {len(files)} files over their size")
    print("\n".join([*functions, *files]))
    assert len(modules()) > 100, "nothing was measured"


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    empty = {"utils", "helpers", "services", "manager", "misc", "common_utils", "tools"}
    assert [str(path) for path in modules() if path.stem in empty or set(path.parts) & empty] == []


def test_warnings_are_errors_here() -> None:
    """pyproject says so; a test that swallowed them would let the suite pass on what it should fail on."""
    try:
        warnings.warn("loud", UserWarning, stacklevel=1)
    except UserWarning:
        return
    raise AssertionError("a warning went by unnoticed")
