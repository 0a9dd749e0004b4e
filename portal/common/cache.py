"""A cache whose absence costs speed, never an answer."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _forgiving(name: str, fallback: Any) -> Callable[..., Any]:
    inner = getattr(RedisCache, name)

    @wraps(inner)
    def call(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return inner(self, *args, **kwargs)
        except RedisError as error:
            logger.warning("cache %s failed: %s", name, error)
            return kwargs.get("default", args[1] if name == "get" and len(args) > 1 else fallback)

    return call


class ForgivingRedisCache(RedisCache):
    """Redis cache that treats a missing server as an empty cache."""

    get = _forgiving("get", None)
    set = _forgiving("set", None)
    add = _forgiving("add", True)
    touch = _forgiving("touch", False)
    delete = _forgiving("delete", False)
    get_many = _forgiving("get_many", {})
    set_many = _forgiving("set_many", [])
    delete_many = _forgiving("delete_many", None)
    has_key = _forgiving("has_key", False)
    incr = _forgiving("incr", 1)
    clear = _forgiving("clear", False)
