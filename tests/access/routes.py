"""Every address of the portal, read from its resolver."""

from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver


def _walk(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, (*namespaces, *inner))
        elif isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or f"nameless {pattern.pattern}"))


@cache
def all_routes() -> tuple[str, ...]:
    return tuple(sorted(set(_walk(get_resolver()))))
