from tests.concurrency import committed

__all__ = ["committed"]
