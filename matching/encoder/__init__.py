"""Text to vectors. No Django, no settings: the caller names the backend.

    encoder = backend("bundled")                      # or "light", "fake"; models load at the first text
    encoder.id                                        # names the vector space, stored beside each vector
    encoder.embed(texts, kind="query")                # float32 (n, dim), unit rows; kind "query" or "passage"

    wording = demand_wording(title, text)             # DemandWording(whole, sentences): all of kind "query"
    passage = solution_wording(title, text)           # str, of kind "passage"
    text_hash(passage, "passage")                     # with encoder.id the key of a cached vector

Hostile or endless text needs no care of the caller's: every backend cleans what it is given.
"""

from matching.encoder.backends import BackendName, EmbeddingBackend, Kind, backend
from matching.encoder.cleaning import clean, sentences, text_hash
from matching.encoder.wordings import DemandWording, demand_wording, solution_wording

__all__ = [
    "BackendName",
    "DemandWording",
    "EmbeddingBackend",
    "Kind",
    "backend",
    "clean",
    "demand_wording",
    "sentences",
    "solution_wording",
    "text_hash",
]
