"""From a folder to its measures, and from the command line to the table, with the fake encoder."""

import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from matching.encoder import backend
from matching.evaluation import VectorFile, evaluate_set, read_set
from matching.evaluation.labelled import Text
from matching.evaluation.languages import with_languages

SUBJECTS = ["street lamps with sensors", "flood barrier for the harbour", "electric buses and chargers", "school roofs"]


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "small"
    target.mkdir()
    rows = list(enumerate(SUBJECTS))
    queries = [{"id": f"q{n}", "text": f"We need {text}.", "lang": "en" if n % 2 else "fr"} for n, text in rows]
    corpus = [{"id": f"d{n}", "title": text, "text": f"We offer {text}.", "lang": "en"} for n, text in rows]
    (target / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    (target / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)), encoding="utf-8")
    (target / "qrels.tsv").write_text("\n".join(f"q{n}\td{n}\t1" for n, _ in rows), encoding="utf-8")
    return target


def test_right_answers_are_found_and_told_by_language(folder):
    fake = backend("fake")
    found = evaluate_set(read_set(folder), fake.id, fake.embed)
    assert (found.overall.queries, found.overall.ndcg, found.overall.reciprocal_rank) == (4, 1.0, 1.0)
    assert {language: part.queries for language, part in found.by_language.items()} == {"en": 2, "fr": 2}


def test_query_without_text_is_measured_and_warned_of(folder):
    with (folder / "queries.jsonl").open("a", encoding="utf-8") as queries:
        queries.write('\n{"id": "empty"}')
    with (folder / "qrels.tsv").open("a", encoding="utf-8") as qrels:
        qrels.write("\nempty\td3\t1")
    fake = backend("fake")
    found = evaluate_set(read_set(folder), fake.id, fake.embed)
    assert found.overall.queries == 5
    assert found.warnings == ("queries.jsonl:5: 'empty' has no text; it is kept and ranks by chance",)


def test_vector_file_encodes_each_text_once(tmp_path):
    class Counting:
        id, dim, texts = "counting-1", 256, 0

        def embed(self, texts, kind):
            self.texts += len(texts)
            return backend("fake").embed(texts, kind)

    counting = Counting()
    for _ in range(2):
        file = VectorFile(tmp_path, counting)
        vectors = file.embed(["lamps", "buses", "lamps"], "query")
        file.close()
    assert counting.texts == 2
    np.testing.assert_array_equal(vectors, backend("fake").embed(["lamps", "buses", "lamps"], "query"))


def test_vector_file_keeps_kinds_apart(tmp_path):
    class Kinds:
        id, dim = "kinds-1", 2

        def embed(self, texts, kind):
            return np.array([[1, 0] if kind == "query" else [0, 1]] * len(texts), np.float32)

    file = VectorFile(tmp_path, Kinds())
    np.testing.assert_array_equal(file.embed(["lamps"], "query"), [[1, 0]])
    np.testing.assert_array_equal(file.embed(["lamps"], "passage"), [[0, 1]])
    file.close()


def test_unstated_languages_are_guessed_where_sure_and_else_follow_the_majority():
    texts = [
        Text("1", "", "La ville souhaite rénover l'éclairage public de ses rues et de ses places.", ""),
        Text("2", "", "La commune cherche à protéger ses habitants contre les inondations.", ""),
        Text("3", "", "Led", ""),
        Text("4", "", "The city wants new lamps", "xx"),
    ]
    assert [text.language for text in with_languages(texts)] == ["fr", "fr", "fr", "xx"]


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("evaluate_matching", *arguments, "--backend=fake", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def _state(settings, tmp_path):
    settings.HOME_DIR = tmp_path


@pytest.mark.usefixtures("_state")
def test_command_prints_a_row_a_set_and_a_row_a_language(folder):
    out, _ = run(str(folder))
    assert [line.split() for line in out.splitlines()[1:]] == [
        ["set", "language", "queries", "documents", "nDCG@10", "recall@10", "MRR"],
        ["small", "all", "4", "4", "1.000", "1.000", "1.000"],
        ["en", "2", "1.000", "1.000", "1.000"],
        ["fr", "2", "1.000", "1.000", "1.000"],
    ]


@pytest.mark.usefixtures("_state")
def test_command_prints_json_that_names_engine_configuration_and_encoder(folder):
    out, _ = run(str(folder), "--json", "--limit=3")
    content = json.loads(out)
    assert set(content) == {"engine", "configuration", "backend", "doc_field", "sets"}
    (only,) = content["sets"]
    assert (only["set"], only["queries"], only["ndcg@10"], sorted(only["languages"])) == ("small", 3, 1.0, ["en", "fr"])


@pytest.mark.usefixtures("_state")
def test_command_names_lines_it_could_not_use(folder):
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as corpus:
        corpus.write("\n{broken")
    _, err = run(str(folder))
    assert "small: corpus.jsonl:5: not JSON" in err


@pytest.mark.usefixtures("_state")
def test_command_refuses_a_folder_that_is_none(tmp_path):
    with pytest.raises(CommandError, match=r"queries\.jsonl: No such file"):
        run(str(tmp_path / "nowhere"))
