"""Text to vectors. No Django, no settings: the caller names the backend.

    encoder = backend("bundled")                      # or "light", "fake"; models load at the first text
    encoder = foreign(Service("local:/folder"), …)    # or an OpenAI-compatible address, with a model name and a key
    encoder.id                                        # names the vector space, stored beside each vector
    encoder.embed(texts, kind="query")                # float32 (n, dim), unit rows; kind "query" or "passage"

    wordings = [demand_wording(title, text), …]       # or solution_wording(title, text)
    encoded = encode(wordings, encoder.embed)         # Encoded(vector, sentences) of each, in one batch

With a cache of one's own: every text of `wording.texts` has the key (text_hash(text), wording.kind, encoder.id), and
`wording.assemble(vectors)` makes the Encoded from the rows. Hostile or endless text needs no care of the caller's:
every backend cleans what it is given.
"""

from matching.encoder.backends import BackendName, Service, backend, foreign
from matching.encoder.cleaning import clean, sentences, text_hash
from matching.encoder.foreign import Directions, InMemory
from matching.encoder.kinds import EmbeddingBackend, EncoderAway, FloatArray, Kind
from matching.encoder.wordings import Encoded, Wording, demand_gist, demand_wording, encode, solution_wording

__all__ = [
    "BackendName",
    "Directions",
    "EmbeddingBackend",
    "Encoded",
    "EncoderAway",
    "FloatArray",
    "InMemory",
    "Kind",
    "Service",
    "Wording",
    "backend",
    "clean",
    "demand_gist",
    "demand_wording",
    "encode",
    "foreign",
    "sentences",
    "solution_wording",
    "text_hash",
]
