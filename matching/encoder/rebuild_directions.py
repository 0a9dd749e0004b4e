"""Writes language_directions.npz anew from the calibration texts and the vocabulary; run after changing a model.

python -m matching.encoder.rebuild_directions
"""

import json
from pathlib import Path

import numpy as np

from matching.encoder.backends import raw_encoders
from matching.encoder.languages import DIRECTIONS_PATH, rebuild

# Read as files: the encoder knows no Django and no catalogue.
TOPICS = Path(__file__).resolve().parents[2] / "catalog" / "data" / "topics"


def vocabulary_texts() -> tuple[list[str], list[str]]:
    """Every topic's label with its description, and its label and synonyms one by one, in every language."""
    topics = [topic for path in sorted(TOPICS.glob("*.json")) for topic in json.loads(path.read_text("utf-8"))]
    records = [f"{topic['label'][code]}. {text}" for topic in topics for code, text in topic["description"].items()]
    terms = [term for topic in topics for terms in topic["synonyms"].values() for term in terms]
    terms += [label for topic in topics for label in topic["label"].values()]
    return records, terms


if __name__ == "__main__":
    np.savez(DIRECTIONS_PATH, **rebuild(raw_encoders(), *vocabulary_texts()))  # type: ignore[arg-type]
