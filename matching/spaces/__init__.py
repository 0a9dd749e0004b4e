"""Which vectors are compared: the space in force is a stored fact, the setting EMBEDDING_BACKEND is the wish.

Where they differ, the wish's vectors are filled in beside those in force (``matching.spaces.filling``), matching goes
on with the old ones, and one switch puts the new ones in force. Until then new texts get vectors of both, where both
can be had. Nothing here loads a model; only ``embed`` of what is returned does.
"""

from functools import lru_cache
from typing import get_args

from django.conf import settings

from matching.encoder import BackendName, EmbeddingBackend, EncoderAway, Kind, Service, backend, foreign
from matching.spaces.models import VectorSpace

__all__ = ["current_id", "encoder_of", "encoders", "wished", "wished_id"]

NOWHERE = ""  # the id while nothing was ever encoded and the model cannot be had: no vector carries it


def wished() -> EmbeddingBackend:
    """The encoder that the settings ask for. Its id may raise EncoderAway."""
    prefixes = (settings.EMBEDDING_QUERY_PREFIX, settings.EMBEDDING_PASSAGE_PREFIX)
    return _open(settings.EMBEDDING_BACKEND, settings.EMBEDDING_MODEL, settings.EMBEDDING_API_KEY, prefixes)


@lru_cache(maxsize=8)
def _open(name: str, model: str, key: str, prefixes: tuple[str, str]) -> EmbeddingBackend:
    if name in get_args(BackendName):
        return backend(name)
    from matching.spaces.actions import Kept  # which needs the models, which are read before anything is opened

    kinds: tuple[Kind, Kind] = ("query", "passage")
    return foreign(Service(name, model, key, dict(zip(kinds, prefixes, strict=True))), Kept())


def wished_id() -> str:
    """The wish's vector space; NOWHERE while its model cannot be had."""
    try:
        return wished().id
    except EncoderAway:
        return NOWHERE


def current_id() -> str:
    """The vector space in force; before anything was encoded, the wish's. One small query."""
    stored = VectorSpace.objects.filter(is_current=True).values_list("pk", flat=True).first()
    return wished_id() if stored is None else stored


def encoder_of(space: str) -> EmbeddingBackend | None:
    """The encoder whose vectors are of this space, where this installation can still make them."""
    name = VectorSpace.objects.filter(pk=space).values_list("name", flat=True).first()
    shipped = [backend(name)] if name in get_args(BackendName) else []
    for encoder in [wished(), *shipped]:
        try:
            if encoder.id == space:
                return encoder
        except EncoderAway:
            continue
    return None


def encoders() -> list[EmbeddingBackend]:
    """Those that a text needs vectors of: of the space in force, and of the wish while it is being filled."""
    encoder = encoder_of(current_id())
    wish = wished()
    return [wish] if encoder is None or encoder is wish else [encoder, wish]
