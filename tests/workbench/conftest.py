"""Two moderators."""

from typing import Any

import pytest

from tests.factories import StaffRoleFactory


@pytest.fixture
def ana() -> Any:
    return StaffRoleFactory(role="moderator", user__name="Ana").user


@pytest.fixture
def ben() -> Any:
    return StaffRoleFactory(role="moderator", user__name="Ben").user
