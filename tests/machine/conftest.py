"""The compiled loops, compiled once and kept beside the code as Python's own caches are."""

from typing import Any

import pytest

from matching.machine import load


@pytest.fixture(scope="session")
def loops() -> Any:
    return load()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one worker: compiling takes longer than all of them together."""
    for item in items:
        if "loops" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("machine"))
