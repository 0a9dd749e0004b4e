"""A cache whose absence costs speed, never an answer, and hardly any speed either."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# A server that hangs is worse than one that is gone: redis-py would wait five seconds for each call.
PATIENCE = 0.3
SILENCE = 5.0

_silent_until = 0.0


def _forgiving(name: str, fallback: Any) -> Callable[..., Any]:
    inner = getattr(RedisCache, name)

    @wraps(inner)
    def call(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        global _silent_until
        if time.monotonic() >= _silent_until:
            try:
                return inner(self, *args, **kwargs)
            except RedisError as error:
                _silent_until = time.monotonic() + SILENCE
                logger.warning("cache %s failed, nothing is cached for %.0f s: %s", name, SILENCE, error)
        if name == "get":
            return kwargs.get("default", args[1] if len(args) > 1 else fallback)
        return fallback() if callable(fallback) else fallback

    return call


class ForgivingRedisCache(RedisCache):
    """Redis cache that treats a missing server as an empty cache, and asks it again only after a while."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        impatient = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        super().__init__(server, {**params, "OPTIONS": {**impatient, **params.get("OPTIONS", {})}})

    get = _forgiving("get", None)
    set = _forgiving("set", None)
    add = _forgiving("add", True)
    touch = _forgiving("touch", False)
    delete = _forgiving("delete", False)
    get_many = _forgiving("get_many", dict)
    set_many = _forgiving("set_many", list)
    delete_many = _forgiving("delete_many", None)
    has_key = _forgiving("has_key", False)
    incr = _forgiving("incr", 1)
    clear = _forgiving("clear", False)
