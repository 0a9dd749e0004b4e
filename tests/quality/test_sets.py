"""The labelled set of our own is whole: what its README says of it can be counted."""

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "sets" / "cross_dev"
LANGUAGES = ["en", "es", "fr", "pt", "ko", "ja", "zh-hans"]


def _records(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def queries() -> list[dict[str, str]]:
    return _records("queries.jsonl")


@pytest.fixture(scope="module")
def corpus() -> list[dict[str, str]]:
    return _records("corpus.jsonl")


@pytest.fixture(scope="module")
def qrels() -> list[tuple[str, str, int]]:
    with (FOLDER / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        assert rows.fieldnames == ["query", "doc", "grade"]
        return [(row["query"], row["doc"], int(row["grade"])) for row in rows]


@pytest.fixture(scope="module")
def languages_of_best(corpus, qrels) -> dict[str, set[str]]:
    """Of every query, the languages in which a solution of grade 3 stands."""
    language = {record["id"]: record["lang"] for record in corpus}
    best = defaultdict(set)
    for query, doc, grade in qrels:
        if grade == 3:
            best[query].add(language[doc])
    return best


def test_ids_are_unique(queries, corpus):
    ids = [record["id"] for record in queries + corpus]
    assert len(ids) == len(set(ids))


def test_every_record_is_filled_in(queries, corpus):
    for record in queries + corpus:
        assert set(record) == {"id", "lang", "title", "text"}
        assert all(value and value == value.strip() for value in record.values()), record["id"]


def test_no_text_stands_twice(queries, corpus):
    texts = Counter(record["text"] for record in queries + corpus)
    assert max(texts.values()) == 1


def test_languages_are_even(queries, corpus):
    assert Counter(record["lang"] for record in queries) == dict.fromkeys(LANGUAGES, 10)
    assert Counter(record["lang"] for record in corpus) == dict.fromkeys(LANGUAGES, 12)


def test_judgements_name_what_exists_once(queries, corpus, qrels):
    assert {query for query, _, _ in qrels} <= {record["id"] for record in queries}
    assert {doc for _, doc, _ in qrels} <= {record["id"] for record in corpus}
    assert {grade for _, _, grade in qrels} == {1, 2, 3}
    assert len({(query, doc) for query, doc, _ in qrels}) == len(qrels)


def test_every_query_has_a_best_answer_in_another_language(queries, languages_of_best):
    assert [record["id"] for record in queries if not languages_of_best[record["id"]] - {record["lang"]}] == []


def test_most_queries_have_no_best_answer_in_their_own_language(queries, languages_of_best):
    foreign = [record["id"] for record in queries if record["lang"] not in languages_of_best[record["id"]]]
    assert len(foreign) * 2 >= len(queries)
    assert len(queries) - len(foreign) == 14  # as the README says
