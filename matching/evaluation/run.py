"""From a labelled set to its measures, by the engine's own encoder, profiles and ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matching.encoder import Encoded, Kind, Wording, demand_wording, encode, solution_wording
from matching.encoder.backends import FloatArray
from matching.engine import EXPERT, CandidateSet, DemandProfile, ScoringConfig, SolutionProfile, evaluate
from matching.evaluation import vocabulary
from matching.evaluation.labelled import LabelledSet, Text
from matching.evaluation.languages import with_languages
from matching.evaluation.measures import Measures, mean_measures, measure
from matching.guess import Sample
from matching.reading import Reading

# Labelled texts carry no dates, so any day will do.
_TODAY: Final = 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a set measured, over all its queries and by the query's language."""

    name: str
    documents: int
    overall: Measures
    by_language: dict[str, Measures]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The evaluation as plain JSON types."""
        return {
            "set": self.name,
            "documents": self.documents,
            **_figures(self.overall),
            "languages": {language: _figures(measures) for language, measures in self.by_language.items()},
            "warnings": list(self.warnings),
        }


def _figures(measures: Measures) -> dict[str, float]:
    return {
        "queries": measures.queries,
        "ndcg@10": measures.ndcg,
        "recall@10": measures.recall,
        "mrr": measures.reciprocal_rank,
    }


Embed = Callable[[Sequence[str], Kind], FloatArray]


def evaluate_set(labelled: LabelledSet, space: str, embed: Embed, config: ScoringConfig = EXPERT) -> Evaluation:
    """Ranks every document for every query. `space` is the id of the backend behind `embed`."""
    ranked = rank_set(labelled, space, embed, config)
    each: dict[str, list[Measures]] = {}
    for query, ranking in ranked:
        each.setdefault(query.language or "unknown", []).append(measure(ranking, labelled.grades[query.id]))
    return Evaluation(
        name=labelled.name,
        documents=len(labelled.documents),
        overall=mean_measures([one for of_language in each.values() for one in of_language]),
        by_language={language: mean_measures(each[language]) for language in sorted(each)},
        warnings=labelled.warnings,
    )


def rank_set(
    labelled: LabelledSet, space: str, embed: Embed, config: ScoringConfig = EXPERT
) -> list[tuple[Text, list[str]]]:
    """Every query with the ids of all documents, best first."""
    queries, documents = with_languages(labelled.queries), with_languages(labelled.documents)
    candidates = CandidateSet.build(solutions(documents, space, embed), vocabulary.vocabulary())
    return [
        (query, ranking(demand, candidates, config))
        for query, demand in zip(queries, demands(queries, space, embed), strict=True)
    ]


def ranking(demand: DemandProfile, candidates: CandidateSet, config: ScoringConfig) -> list[str]:
    """Document ids, best first: the order of `rank`, without writing an explanation for each."""
    table = evaluate(demand, candidates, today=_TODAY, config=config)
    return [candidates.ids[position] for position in table.best(table.eligible, None)]


def solutions(documents: Sequence[Text], space: str, embed: Embed) -> Iterator[SolutionProfile]:
    """Profiles of which only the texts are known."""
    wordings = [solution_wording(document.title, document.text) for document in documents]
    encoded = encode(wordings, embed)
    for document, wording, vectors in zip(documents, wordings, encoded, strict=True):
        reading = _read(document, wording, vectors, space)
        yield SolutionProfile(
            id=document.id,
            language=document.language,
            vector=_vector(document, vectors),
            vector_space=space,
            terms=reading.terms,
            concepts=reading.concepts,
            subject=reading.subject,
        )


def demands(queries: Sequence[Text], space: str, embed: Embed) -> Iterator[DemandProfile]:
    """Profiles of which only the texts are known."""
    wordings = [demand_wording(query.title, query.text) for query in queries]
    encoded = encode(wordings, embed)
    for query, wording, vectors in zip(queries, wordings, encoded, strict=True):
        reading = _read(query, wording, vectors, space)
        yield DemandProfile(
            id=query.id,
            language=query.language,
            vector=_vector(query, vectors),
            sentence_vectors=vectors.sentences,
            vector_space=space,
            terms=reading.terms,
            concepts=reading.concepts,
            subject=reading.subject,
        )


def _read(text: Text, wording: Wording, vectors: Encoded, space: str) -> Reading:
    sample = Sample(text.title, text.text, text.language)
    known = vectors if _vector(text, vectors) is not None else None
    return vocabulary.reader().read(sample, wording, known, space)


def _vector(text: Text, encoded: Encoded) -> FloatArray | None:
    return encoded.vector if (text.title or text.text).strip() else None
