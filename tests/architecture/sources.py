"""The portal's own Python files, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from portal.embedded.home import CHECKOUT

PACKAGES = ("portal", "catalog", "cities", "matching")


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module by its path from the checkout, migrations left out."""
    paths = (path for package in PACKAGES for path in (CHECKOUT / package).rglob("*.py"))
    return {
        path.relative_to(CHECKOUT): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(paths)
        if "migrations" not in path.parts
    }


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
