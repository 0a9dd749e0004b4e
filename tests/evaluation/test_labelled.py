"""Folders as they come: what can be used is used, and every other line is named."""

import pytest

from matching.evaluation import SetError, read_set

QUERIES = (
    '{"id": "q1", "text": "street lamps", "lang": "en"}\n{"id": "q2", "title": "Digue", "text": "contre la mer"}\n'
)
CORPUS = '{"id": "d1", "title": "LED lamps", "text": "for streets"}\n{"id": "d2", "title": "Dyke"}\n'
QRELS = "query_id\tdoc_id\tscore\nq1\td1\t2\nq2\td2\t1\n"


@pytest.fixture
def folder(tmp_path):
    def write(queries=QUERIES, corpus=CORPUS, qrels=QRELS):
        for name, content in (("queries.jsonl", queries), ("corpus.jsonl", corpus), ("qrels.tsv", qrels)):
            if content is not None:
                (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return tmp_path

    return write


def test_clean_folder_is_read_without_a_warning(folder):
    found = read_set(folder())
    assert [(query.id, query.title, query.text, query.language) for query in found.queries] == [
        ("q1", "", "street lamps", "en"),
        ("q2", "Digue", "contre la mer", ""),
    ]
    assert (found.grades, found.warnings) == ({"q1": {"d1": 2.0}, "q2": {"d2": 1.0}}, ())


@pytest.mark.parametrize(
    "qrels",
    [
        "q1\td1\t2\nq2\td2\t1\n",
        "q1 d1 2\nq2 d2 1\n",
        "q1\t0\td1\t2\nq2\t0\td2\t1\n",
        "\ufeffquery\tdoc\tgrade\r\nq1\td1\t2.0\r\n\r\nq2\td2\t1",
        "q1\td1\t1\nq1\td1\t2\nq2\td2\t1\nq2\td1\t0\n",
    ],
)
def test_qrels_are_read_with_or_without_header_and_in_trec_columns(folder, qrels):
    assert read_set(folder(qrels=qrels)).grades == {"q1": {"d1": 2.0}, "q2": {"d2": 1.0}}


@pytest.mark.parametrize(
    ("files", "warning"),
    [
        ({"queries": QUERIES + '{"id": "q1", "text": "again"}\n'}, "queries.jsonl:3: id 'q1' a second time"),
        ({"queries": QUERIES + "not json\n"}, "queries.jsonl:3: not JSON"),
        ({"queries": QUERIES + '{"text": "nameless"}\n'}, "queries.jsonl:3: no id"),
        ({"queries": QUERIES + "[1, 2]\n"}, "queries.jsonl:3: not a JSON object"),
        ({"queries": QUERIES + '{"id": "q3", "text": ""}\n'}, "queries.jsonl:3: 'q3' has no text"),
        ({"corpus": CORPUS + '{"id": "d1", "title": "again"}\n'}, "corpus.jsonl:3: id 'd1' a second time"),
        ({"qrels": QRELS + "q1\td9\t1\n"}, "qrels.tsv:4: unknown document 'd9'"),
        ({"qrels": QRELS + "q9\td1\t1\n"}, "qrels.tsv:4: unknown query 'q9'"),
        ({"qrels": QRELS + "q1\td1\n"}, "qrels.tsv:4: not query, document, grade"),
        ({"qrels": QRELS + "q1\td1\tmany\n"}, "qrels.tsv:4: not query, document, grade"),
        ({"qrels": QRELS + "q1\td1\tnan\n"}, "qrels.tsv:4: not query, document, grade"),
    ],
)
def test_unusable_line_is_named_and_the_rest_is_read(folder, files, warning):
    found = read_set(folder(**files))
    assert [query.id for query in found.queries] == ["q1", "q2"]
    assert [message[: len(warning)] for message in found.warnings] == [warning]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"queries": None}, "queries.jsonl: No such file"),
        ({"corpus": None}, "corpus.jsonl: No such file"),
        ({"qrels": None}, "qrels.tsv: No such file"),
        ({"qrels": "query\tdoc\tgrade\n"}, "no query has a relevant document"),
        ({"queries": "\n\n"}, "queries.jsonl: no usable line"),
        ({"corpus": '{"id": "d1", "year": 1999, "text": ""}\n'}, "no line has a text; the fields are id, year, text"),
    ],
)
def test_folder_with_nothing_to_measure_is_refused(folder, files, message):
    with pytest.raises(SetError, match=message):
        read_set(folder(**files))


def test_document_field_is_matched_beside_the_title_and_may_name_the_language(folder):
    corpus = '{"id": "d1", "title": "T", "text": "no", "fr": "lampe"}\n{"id": "d2", "fr": "digue"}\n'
    found = read_set(folder(corpus=corpus), document_field="fr")
    assert [(document.title, document.text, document.language) for document in found.documents] == [
        ("T", "lampe", "fr"),
        ("", "digue", "fr"),
    ]


def test_document_field_that_no_line_has_is_refused_with_those_there_are(folder):
    with pytest.raises(SetError, match="no line has a text in 'de'; the fields are id, title, text"):
        read_set(folder(), document_field="de")


@pytest.mark.parametrize(
    ("columns", "chosen"),
    [
        ('"fr": "lampe", "en": "lamp", "pt": "lampada"', ("lamp", "en")),
        ('"code": "x1", "fr": "lampe"', ("lampe", "fr")),
        ('"year": 1999, "summary": "lamp"', ("lamp", "")),
    ],
)
def test_corpus_without_text_or_title_is_read_by_its_likeliest_column_and_says_so(folder, columns, chosen):
    found = read_set(folder(corpus=f'{{"id": "d1", {columns}}}', qrels="q1\td1\t1"))
    assert [(document.text, document.language) for document in found.documents] == [chosen]
    assert ["--doc-field chooses another" in warning for warning in found.warnings] == [True]


def test_limit_keeps_the_first_judged_queries(folder):
    qrels = "q2\td2\t1\n"
    assert [query.id for query in read_set(folder(qrels=qrels), limit=1).queries] == ["q2"]


def test_numbers_as_ids_and_lists_as_texts_are_read(folder):
    found = read_set(folder(queries='{"id": 1, "text": ["street", "lamps"], "lang": "xx"}', qrels="1\td1\t1"))
    assert [(query.id, query.text, query.language) for query in found.queries] == [("1", "street\nlamps", "xx")]


def test_line_separators_inside_a_text_do_not_end_its_line(folder):
    found = read_set(folder(queries='{"id": "q1", "text": "street\u2028lamps\u0085"}', qrels="q1\td1\t1"))
    assert found.queries[0].text == "street\u2028lamps\u0085"


def test_bytes_that_are_no_utf8_are_replaced(folder):
    found = read_set(folder(queries=b'{"id": "q1", "text": "caf\xe9"}', qrels="q1\td1\t1"))
    assert found.queries[0].text == "caf\ufffd"
