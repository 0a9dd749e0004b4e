"""From a labelled set to its measures, by the engine's own encoder, profiles and ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matching.encoder import Encoded, Kind, demand_wording, encode, solution_wording
from matching.encoder.backends import FloatArray
from matching.engine import EXPERT, CandidateSet, DemandProfile, SolutionProfile, Vocabulary, evaluate, tokens
from matching.evaluation.labelled import LabelledSet, Text
from matching.evaluation.languages import with_languages
from matching.evaluation.measures import Measures, mean_measures, measure

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


def evaluate_set(labelled: LabelledSet, space: str, embed: Callable[[Sequence[str], Kind], FloatArray]) -> Evaluation:
    """Ranks every document for every query. `space` is the id of the backend behind `embed`."""
    queries, documents = with_languages(labelled.queries), with_languages(labelled.documents)
    candidates = CandidateSet.build(_solutions(documents, space, embed), Vocabulary())
    each: dict[str, list[Measures]] = {}
    for query, demand in zip(queries, _demands(queries, space, embed), strict=True):
        ranking = _ranking(demand, candidates)
        each.setdefault(query.language or "unknown", []).append(measure(ranking, labelled.grades[query.id]))
    return Evaluation(
        name=labelled.name,
        documents=len(documents),
        overall=mean_measures([one for of_language in each.values() for one in of_language]),
        by_language={language: mean_measures(each[language]) for language in sorted(each)},
        warnings=labelled.warnings,
    )


def _ranking(demand: DemandProfile, candidates: CandidateSet) -> list[str]:
    """Document ids, best first: the order of `rank`, without writing an explanation for each."""
    table = evaluate(demand, candidates, today=_TODAY, config=EXPERT)
    return [candidates.ids[position] for position in table.best(table.eligible, None)]


def _solutions(
    documents: Sequence[Text], space: str, embed: Callable[[Sequence[str], Kind], FloatArray]
) -> Iterator[SolutionProfile]:
    encoded = encode([solution_wording(document.title, document.text) for document in documents], embed)
    for document, vectors in zip(documents, encoded, strict=True):
        terms = tokens(f"{document.title}\n{document.text}", document.language)
        yield SolutionProfile(
            id=document.id,
            language=document.language,
            vector=_vector(document, vectors),
            vector_space=space,
            terms=terms,
        )


def _demands(
    queries: Sequence[Text], space: str, embed: Callable[[Sequence[str], Kind], FloatArray]
) -> Iterator[DemandProfile]:
    encoded = encode([demand_wording(query.title, query.text) for query in queries], embed)
    for query, vectors in zip(queries, encoded, strict=True):
        yield DemandProfile(
            id=query.id,
            language=query.language,
            vector=_vector(query, vectors),
            sentence_vectors=vectors.sentences,
            vector_space=space,
            terms=tokens(f"{query.title}\n{query.text}", query.language),
        )


def _vector(text: Text, encoded: Encoded) -> FloatArray | None:
    return encoded.vector if (text.title or text.text).strip() else None
