"""The clock that tests of notices set, too."""

from tests.notices.conftest import clock

__all__ = ["clock"]
