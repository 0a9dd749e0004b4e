"""What is compared: the engine, the engine without one of its parts, and what others would do with the same texts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

import numpy as np

from matching.encoder import demand_wording, encode, solution_wording
from matching.engine import EXPERT, CandidateSet, DemandProfile, Rule, ScoringConfig
from matching.evaluation.labelled import LabelledSet, Text
from matching.evaluation.languages import with_languages
from matching.evaluation.run import demands, ranking, solutions
from matching.evaluation.vocabulary import vocabulary
from tests.bench.peers.hybrid import Hybrid, reciprocal_ranks
from tests.quality.vectors import Embed

Rankings = list[list[str]]
ENGINE = "the engine"


def without(*components: str) -> ScoringConfig:
    """The shipped configuration with those components silenced."""
    silent = {name: Rule(0.0, EXPERT.rules[name].neutral, EXPERT.rules[name].curve) for name in components}
    return replace(EXPERT, rules={**EXPERT.rules, **silent})


PARTS = {
    "without concepts": without("concepts"),
    "without probable topics": without("subject"),
    "without both (no bridge)": without("concepts", "subject"),
    "without words in common": without("wording"),
    "without single sentences": replace(EXPERT, sentence_share=0.0),
    "without meaning": without("meaning"),
}


def rankings_of(labelled: LabelledSet, space: str, embeds: Mapping[str, Embed]) -> Iterator[tuple[str, Rankings]]:
    """(system, document ids for each query, best first), the engine first."""
    whole = replace_texts(labelled)
    asked, offered = profiles(whole, space, embeds["as shipped"])
    for name, config in {ENGINE: EXPERT, **PARTS}.items():
        yield name, [ranking(demand, offered, config) for demand in asked]
    asked, offered = profiles(whole, space, embeds["languages removed"])
    yield "without the removal of sorts of text", [ranking(demand, offered, EXPERT) for demand in asked]
    for name in ("e5 as documented", "USE as documented"):
        yield name, nearest(whole, embeds[name])
    yield from searches(whole, embeds["as shipped"])


def replace_texts(labelled: LabelledSet) -> LabelledSet:
    """The set with every text's language told."""
    queries, documents = with_languages(labelled.queries), with_languages(labelled.documents)
    return replace(labelled, queries=tuple(queries), documents=tuple(documents))


def profiles(labelled: LabelledSet, space: str, embed: Embed) -> tuple[list[DemandProfile], CandidateSet]:
    offered = CandidateSet.build(solutions(labelled.documents, space, embed), vocabulary())
    return list(demands(labelled.queries, space, embed)), offered


def nearest(labelled: LabelledSet, embed: Embed) -> Rankings:
    """By the cosine of the whole texts alone."""
    asked = embed([joined(text) for text in labelled.queries], "query")
    offered = embed([joined(text) for text in labelled.documents], "passage")
    return [named(labelled, np.argsort(-(offered @ row), kind="stable")) for row in asked]


def searches(labelled: LabelledSet, embed: Embed) -> Iterator[tuple[str, Rankings]]:
    """Searches by words, by vectors and by both, in qdrant-edge. Raises ImportError where it is not installed."""
    wordings = [solution_wording(text.title, text.text) for text in labelled.documents]
    vectors = np.stack([one.vector for one in encode(wordings, embed)])
    asked = encode([demand_wording(text.title, text.text) for text in labelled.queries], embed)
    with closing(Hybrid([joined(text) for text in labelled.documents], vectors)) as search:
        pairs = [(joined(text), one.vector) for text, one in zip(labelled.queries, asked, strict=True)]
        ways: dict[str, Callable[[str, np.ndarray], Sequence[int]]] = {
            "BM25": lambda words, vector: search.lexical(words),
            "vectors alone": lambda words, vector: search.dense(vector),
            "RRF of BM25 and vectors": lambda words, vector: reciprocal_ranks(
                search.lexical(words), search.dense(vector)
            ),
            "qdrant hybrid": search.fused,
        }
        for name, way in ways.items():
            yield name, [named(labelled, way(words, vector)) for words, vector in pairs]


def joined(text: Text) -> str:
    return f"{text.title}\n{text.text}".strip()


def named(labelled: LabelledSet, places: Sequence[int]) -> list[str]:
    return [labelled.documents[place].id for place in places]
