"""Text to vectors. No Django, no settings: the caller names the backend.

    encoder = backend("bundled")                      # or "light", "fake"; models load at the first text
    encoder.id                                        # names the vector space, stored beside each vector
    encoder.embed(texts, kind="query")                # float32 (n, dim), unit rows; kind "query" or "passage"

    wordings = [demand_wording(title, text), …]       # or solution_wording(title, text)
    encoded = encode(wordings, encoder.embed)         # Encoded(vector, sentences) of each, in one batch

With a cache of one's own: every text of `wording.texts` has the key (text_hash(text), wording.kind, encoder.id), and
`wording.assemble(vectors)` makes the Encoded from the rows. Hostile or endless text needs no care of the caller's:
every backend cleans what it is given.
"""

from matching.encoder.backends import BackendName, EmbeddingBackend, EncoderAway, Kind, backend
from matching.encoder.cleaning import clean, sentences, text_hash
from matching.encoder.wordings import Encoded, Wording, demand_wording, encode, solution_wording

__all__ = [
    "BackendName",
    "EmbeddingBackend",
    "Encoded",
    "EncoderAway",
    "Kind",
    "Wording",
    "backend",
    "clean",
    "demand_wording",
    "encode",
    "sentences",
    "solution_wording",
    "text_hash",
]
