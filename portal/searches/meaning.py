"""Records that mean what somebody typed, whatever their words and language.

Web processes load no model: a worker is asked for the vector, and its answer waited for a quarter of a second. Who
waits in vain is told so; the answer is kept for the next one who asks.
"""

import time
from typing import Any

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from pgvector import HalfVector
from pgvector.django import CosineDistance

from matching import spaces
from matching.encoder import EncoderAway, text_hash
from portal.common.reading import Near
from portal.jobs.hints import ask
from portal.searches.models import WIDTH, DemandMeaning, Meaning, SolutionMeaning

ENCODE = "portal.searches.encode_words"
MEANINGS: dict[str, type[Meaning]] = {"demands": DemandMeaning, "solutions": SolutionMeaning}
KEEP = 24 * 3600
LOOK_AGAIN_AFTER = 0.02
SILENCE = 20.0  # seconds in which nobody waits for a worker that did not answer
MOST = 40  # as many as the index looks at
SHORTEST = 3  # letters that mean something by themselves

_silent_until = 0.0


def nearest(text: str, records: QuerySet) -> Near:
    """Of ``records`` those that are near enough, the nearest first."""
    space = spaces.current_id() if settings.SEARCH_PATIENCE_MS else spaces.NOWHERE
    if space == spaces.NOWHERE or len(text) < SHORTEST:
        return Near()
    vector = vector_of(text, space)
    if vector is None:
        return Near(was_asked=False)
    return Near(near_enough(vector, space, records))


def near_enough(vector: HalfVector, space: str, records: QuerySet) -> list[int]:
    model = next(model for model in MEANINGS.values() if model._meta.get_field("record").related_model is records.model)
    rows = model._default_manager.annotate(distance=CosineDistance("vector", vector)).order_by("distance")
    found = [
        (key, 1 - distance) for key, of, distance in rows.values_list("pk", "space", "distance")[:MOST] if of == space
    ]
    least = least_likeness([likeness for _key, likeness in found])
    near = [key for key, likeness in found if likeness >= least]
    readable = set(records.order_by().filter(pk__in=near).values_list("pk", flat=True))
    return [key for key in near if key in readable]


def least_likeness(likenesses: list[float]) -> float:
    """Where to cut: what stands out from the rest. Words without meaning are as near to everything as to anything."""
    if not likenesses:
        return 1.0
    return max(FLOOR, likenesses[0] - BEHIND)


# Measured: words without a subject ("hello", "invoice") reach 0.15, "kindergarten" 0.19 at a primary school.
FLOOR, BEHIND = 0.17, 0.12


def key_of(text: str, space: str) -> str:
    return f"meaning:{text_hash(f'{space} {text}')}"


def vector_of(text: str, space: str) -> HalfVector | None:
    """From the cache, or from a worker that is quick enough; None otherwise."""
    global _silent_until
    key = key_of(text, space)
    kept = cache.get(key)
    if kept is None and ask(ENCODE, [text], "encode") and time.monotonic() >= _silent_until:
        kept = _wait_for(key)
        if kept is None:
            _silent_until = time.monotonic() + SILENCE
    return None if kept is None else widened(np.frombuffer(kept, np.float16))


def _wait_for(key: str) -> Any:
    end = time.monotonic() + settings.SEARCH_PATIENCE_MS / 1000
    while time.monotonic() < end:
        time.sleep(LOOK_AGAIN_AFTER)
        kept = cache.get(key)
        if kept is not None:
            return kept
    return None


def keep_vector(text: str) -> None:
    """In a worker: encode what somebody typed. Not in the database: it is theirs, and forgotten in a day."""
    space = spaces.current_id()
    encoder = spaces.encoder_of(space)
    try:
        vectors = encoder.embed([text], "query") if encoder is not None and encoder.dim <= WIDTH else None
    except EncoderAway:
        return
    if vectors is not None:
        cache.set(key_of(text, space), vectors[0].astype(np.float16).tobytes(), KEEP)


def widened(vector: Any) -> HalfVector:
    full = np.zeros(WIDTH, np.float16)
    full[: len(vector)] = vector
    return HalfVector(full)
