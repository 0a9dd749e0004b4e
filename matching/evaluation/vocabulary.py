"""The committed vocabulary, for reading labelled texts without a database."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from matching.engine import Vocabulary
from matching.reading import Reader, reader_of

FOLDER: Final = Path(__file__).resolve().parents[2] / "catalog" / "data" / "topics"


@cache
def topics() -> dict[str, dict[str, Any]]:
    """Every topic by its code, with the code of its focus area as "area"."""
    return {
        topic["code"]: {**topic, "area": path.stem}
        for path in sorted(FOLDER.glob("*.json"))
        for topic in json.loads(path.read_text(encoding="utf-8"))
    }


@cache
def vocabulary() -> Vocabulary:
    """What scoring needs of it."""
    return Vocabulary(topic_area={code: topic["area"] for code, topic in topics().items()})


@cache
def reader() -> Reader:
    """What reads texts with it."""
    return reader_of(
        tuple(
            (
                code,
                topic["area"],
                tuple(topic["label"].items()),
                tuple((language, tuple(words)) for language, words in topic["synonyms"].items()),
            )
            for code, topic in sorted(topics().items())
        )
    )
