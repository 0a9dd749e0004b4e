"""The labelled sets of our own are whole: what their READMEs say of them can be counted."""

import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

SETS = Path(__file__).parent / "sets"
LANGUAGES = ["en", "es", "fr", "pt", "ko", "ja", "zh-hans"]
# A set's demands and solutions in each language, and how many demands have a best answer in their own.
EACH = {"cross_dev": (10, 12), "cross_dev2": (9, 13)}
AT_HOME = {"cross_dev": 14, "cross_dev2": 8}


@pytest.fixture(scope="module", params=EACH)
def folder(request) -> Path:
    return SETS / request.param


def _records(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def queries(folder) -> list[dict[str, str]]:
    return _records(folder / "queries.jsonl")


@pytest.fixture(scope="module")
def corpus(folder) -> list[dict[str, str]]:
    return _records(folder / "corpus.jsonl")


@pytest.fixture(scope="module")
def qrels(folder) -> list[tuple[str, str, int]]:
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
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
        assert all(value == value.strip() for value in record.values()), record["id"]
        assert record["text"]


def test_only_short_demands_of_the_second_set_have_no_title(folder, queries, corpus):
    untitled = [record for record in queries + corpus if not record["title"]]
    assert len(untitled) == {"cross_dev": 0, "cross_dev2": 32}[folder.name]
    assert all(len(record["text"]) < 150 for record in untitled)


def test_no_text_stands_twice(queries, corpus):
    texts = Counter(record["text"] for record in queries + corpus)
    assert max(texts.values()) == 1


def test_languages_are_even(folder, queries, corpus):
    demands, solutions = EACH[folder.name]
    assert Counter(record["lang"] for record in queries) == dict.fromkeys(LANGUAGES, demands)
    assert Counter(record["lang"] for record in corpus) == dict.fromkeys(LANGUAGES, solutions)


def test_judgements_name_what_exists_once(queries, corpus, qrels):
    assert {query for query, _, _ in qrels} <= {record["id"] for record in queries}
    assert {doc for _, doc, _ in qrels} <= {record["id"] for record in corpus}
    assert {grade for _, _, grade in qrels} == {1, 2, 3}
    assert len({(query, doc) for query, doc, _ in qrels}) == len(qrels)


def test_every_query_has_a_best_answer(queries, languages_of_best):
    assert [record["id"] for record in queries if not languages_of_best[record["id"]]] == []


def test_most_queries_have_no_best_answer_in_their_own_language(folder, queries, languages_of_best):
    foreign = [record["id"] for record in queries if record["lang"] not in languages_of_best[record["id"]]]
    assert len(foreign) * 2 >= len(queries)
    assert len(queries) - len(foreign) == AT_HOME[folder.name]


def test_every_query_of_the_first_set_has_a_best_answer_in_another_language(folder, queries, languages_of_best):
    alone = [record["id"] for record in queries if not languages_of_best[record["id"]] - {record["lang"]}]
    assert folder.name != "cross_dev" or alone == []
