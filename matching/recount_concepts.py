"""Counts anew how many of the vocabulary's topics speak of each concept; run after changing either.

python -m matching.recount_concepts
"""

import csv
import json
from collections import Counter
from pathlib import Path

from matching.concepts import FILE, lexicon

VOCABULARY = Path(__file__).resolve().parents[1] / "catalog" / "data" / "topics"


def counted() -> dict[str, int]:
    """By concept: the topics whose label, description or synonyms name it in any language."""
    concepts, found = lexicon(), Counter[str]()
    for path in sorted(VOCABULARY.glob("*.json")):
        for topic in json.loads(path.read_text(encoding="utf-8")):
            texts = {c: [label, topic["description"][c], *topic["synonyms"][c]] for c, label in topic["label"].items()}
            found.update(set().union(*(concepts.found("\n".join(text), c) for c, text in texts.items())))
    return {code: found[code] for code in concepts.codes}


if __name__ == "__main__":
    topics = counted()
    with FILE.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    with FILE.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "topics": topics[row["code"]]} for row in rows)
