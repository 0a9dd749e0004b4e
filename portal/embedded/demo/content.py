"""The demo's texts (JSON files beside this module), as plain dictionaries."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

Row = dict[str, Any]


@cache
def _all(kind: str) -> tuple[Row, ...]:
    return tuple(
        row for path in sorted(FOLDER.glob(f"{kind}-*.json")) for row in json.loads(path.read_text(encoding="utf-8"))
    )


def providers() -> tuple[Row, ...]:
    return _all("providers")


def solutions() -> tuple[Row, ...]:
    return _all("solutions")


def demands() -> tuple[Row, ...]:
    return _all("demands")
