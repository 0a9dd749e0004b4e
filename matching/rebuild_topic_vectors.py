"""Writes topic_vectors.npz anew from the vocabulary's texts; run after changing the vocabulary or an encoder.

python -m matching.rebuild_topic_vectors
"""

import json
from typing import Any

import numpy as np

from matching.encoder import EmbeddingBackend, backend
from matching.recount_concepts import VOCABULARY
from matching.subject import FILE

FAMILIES = ("bundled", "light")
LABEL, DESCRIPTION, BOTH, SYNONYM = 1.0, 1.0, 2.0, 0.5


def topics() -> list[dict[str, Any]]:
    """The committed vocabulary's topics."""
    return [topic for path in sorted(VOCABULARY.glob("*.json")) for topic in json.loads(path.read_text("utf-8"))]


def texts_of(topic: dict[str, Any]) -> list[tuple[str, float]]:
    """Everything the vocabulary says of a topic in all languages, with the weight of each text.

    With apostrophes as keyboards have them, not as the portal prints them: encoders tell them apart.
    """
    found = []
    for code, label in topic["label"].items():
        description = topic["description"][code]
        found += [(label, LABEL), (description, DESCRIPTION), (f"{label}. {description}", BOTH)]
        found += [(synonym, SYNONYM) for synonym in topic["synonyms"][code]]
    return [(text.replace("’", "'"), weight) for text, weight in found]


def vector_of(topic: dict[str, Any], encoder: EmbeddingBackend) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The weighted mean of a topic's texts, of unit length."""
    texts, weights = zip(*texts_of(topic), strict=True)
    mean = np.asarray(weights) @ encoder.embed(texts, "passage").astype(np.float64)
    return np.asarray(mean / np.linalg.norm(mean))


if __name__ == "__main__":
    vocabulary = topics()
    arrays = {
        family: np.stack([vector_of(topic, backend(family)) for topic in vocabulary]).astype(np.float16)
        for family in FAMILIES
    }
    np.savez(FILE, topics=np.array([topic["code"] for topic in vocabulary]), **arrays)
