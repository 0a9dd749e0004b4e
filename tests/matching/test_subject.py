"""What a text is probably about: words and vectors together, within what its author states."""

import math

import numpy as np
import pytest

from matching import subject
from matching.encoder import backend
from matching.evaluation.vocabulary import reader, topics
from matching.guess import Guesser, Sample, TopicWords
from matching.rebuild_topic_vectors import FAMILIES, vector_of
from matching.subject import SubjectReader, topic_vectors

LAMPS = Sample("Renovar el alumbrado público", "Las farolas consumen demasiado.", "es")


def words_of(code, area, label):
    return TopicWords(code, area, {"en": label}, {"en": []})


@pytest.fixture
def small(monkeypatch):
    """Three topics in two areas, in a space of three dimensions."""
    known = dict(zip(("lamps", "panels", "buses"), np.eye(3, dtype=np.float32), strict=True))
    monkeypatch.setattr(subject, "topic_vectors", lambda family: known if family == "toy" else {})
    words = [
        words_of("lamps", "energy", "Lamps"),
        words_of("panels", "energy", "Panels"),
        words_of("buses", "x", "Bus"),
    ]
    return SubjectReader(Guesser(words))


SILENT = Sample("", "Nothing known", "en")
NEAR_LAMPS = np.array([0.8, 0.6, 0.0], np.float32)


def test_shares_of_a_vector_add_up_to_one(small):
    shares = small.shares(SILENT, NEAR_LAMPS, "toy-1")
    assert math.fsum(shares.values()) == pytest.approx(1, abs=0.03)
    assert max(shares, key=shares.get) == "lamps"


def test_words_and_vector_speak_together(small):
    vector = small.shares(SILENT, NEAR_LAMPS, "toy-1")
    both = small.shares(Sample("New panels", "", "en"), NEAR_LAMPS, "toy-1")
    assert both["panels"] > vector["panels"]


def test_words_alone_leave_the_rest_open(small):
    shares = small.shares(Sample("New panels", "", "en"))
    assert list(shares) == ["panels"]
    assert 0.5 < shares["panels"] < 1


def test_text_without_words_or_vector_is_about_nothing_known(small):
    assert small.shares(SILENT) == {}
    assert small.shares(SILENT, NEAR_LAMPS, "foreign-1") == {}
    assert small.shares(SILENT, np.ones(5, np.float32), "toy-1") == {}


def test_stated_topics_are_all_it_can_be_about(small):
    assert small.shares(SILENT, NEAR_LAMPS, "toy-1", topics=["buses"]) == {"buses": 1.0}
    assert small.shares(SILENT, topics=["buses", "lamps"]) == {"buses": 0.5, "lamps": 0.5}
    assert small.shares(SILENT, topics=["unheard_of"]) == {}


def test_stated_areas_narrow_the_guess(small):
    assert set(small.shares(Sample("Bus and panels", "", "en"), areas=["energy"])) == {"panels"}
    assert set(small.shares(SILENT, NEAR_LAMPS, "toy-1", areas=["x"])) == {"buses"}


def test_language_may_have_a_region_or_lack_its_script():
    guesser = Guesser([TopicWords("lamps", "energy", {"zh-hans": "路灯", "pt": "Iluminação pública"}, {})])
    assert guesser.points(Sample("更新路灯", "", "zh"))["lamps"] > 0
    assert guesser.points(Sample("Iluminação pública nova", "", "pt-BR"))["lamps"] > 0
    assert guesser.points(Sample("Iluminação pública nova", "", "es")) == {}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_topic_of_the_vocabulary_has_a_vector(family):
    assert set(topic_vectors(family)) == set(topics())


@pytest.mark.xdist_group("encoder models")
@pytest.mark.parametrize("family", FAMILIES)
def test_shipped_topic_vectors_are_those_of_the_encoder_and_the_vocabulary(family):
    made = vector_of(topics()["street_lighting"], backend(family))
    assert float(made @ topic_vectors(family)["street_lighting"]) > 0.999


def test_reader_knows_a_sample_by_its_words():
    from matching.encoder import demand_wording

    reading = reader().read(LAMPS, demand_wording(LAMPS.title, LAMPS.text), None, "")
    assert max(reading.subject, key=reading.subject.get) == "street_lighting"
    assert set(reading.concepts) == {"street_lamp"}
    assert "farolas" in reading.terms
