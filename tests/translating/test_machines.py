"""What goes to a machine translator, what is believed of its answer, and what is kept out of its hands."""

from collections.abc import Sequence
from typing import Any

import pytest

from portal.translating.machines import PairUnknown, TranslatorAway, chosen_translator
from portal.translating.machines import libre as libre_module
from portal.translating.machines.drafting import drafts_of
from portal.translating.machines.libre import Libre
from portal.translating.machines.masking import mask, same_figures, unmask
from tests.translating.played import Server


class Shouting:
    """A translator in upper case; ``MACHINE_TRANSLATOR=python:…`` makes it without arguments."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        return [text.upper() for text in texts]


@pytest.fixture
def libre(server: Server) -> Libre:
    return Libre(server.address, "key-of-the-portal")


def test_request_is_as_the_protocol_says(server: Server, libre: Libre) -> None:
    assert libre.translate(["New lamps.", "Buses."], "en", "ko") == ["ko: New lamps.", "ko: Buses."]
    expected = {"q": ["New lamps.", "Buses."], "source": "en", "target": "ko", "format": "text"}
    assert server.asked == [{**expected, "api_key": "key-of-the-portal"}]


def test_chinese_is_asked_for_as_the_server_calls_it(server: Server, libre: Libre) -> None:
    libre.translate(["New lamps."], "en", "zh-hans")
    assert server.asked[0]["target"] == "zh-Hans"


def test_pair_that_the_server_does_not_know_is_said_so(libre: Libre) -> None:
    with pytest.raises(PairUnknown):
        libre.translate(["New lamps."], "en", "pt")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_failure_is_tried_again(server: Server, libre: Libre, status: int) -> None:
    server.failures = [status]
    assert libre.translate(["Lamps"], "en", "ko") == ["ko: Lamps"]


@pytest.mark.parametrize("failures", [[400], [503, 503], [307]])
def test_lasting_failure_is_told(server: Server, libre: Libre, failures: list[int]) -> None:
    server.failures = failures
    with pytest.raises(TranslatorAway, match=str(failures[0])):
        libre.translate(["Lamps"], "en", "ko")


@pytest.mark.parametrize(
    "answer", [b"<html>", {"translatedText": "one text"}, {"translatedText": ["one", "two"]}, {"translatedText": [1]}]
)
def test_answer_that_is_not_as_many_texts_is_not_believed(server: Server, libre: Libre, answer: object) -> None:
    server.answer = lambda _question: answer
    with pytest.raises(TranslatorAway):
        libre.translate(["Lamps"], "en", "ko")


def test_answer_without_end_is_broken_off(server: Server, libre: Libre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libre_module, "_MAX_BYTES", 100)
    server.codes = ["en", "ko"]
    server.answer = lambda _question: {"translatedText": ["x" * 200]}
    with pytest.raises(TranslatorAway, match="longer than 100"):
        libre.translate(["Lamps"], "en", "ko")


def test_nobody_there_is_away() -> None:
    with pytest.raises(TranslatorAway):
        Libre("http://127.0.0.1:9").translate(["Lamps"], "en", "ko")


def test_class_of_ones_own_is_made_from_its_path(settings: Any) -> None:
    settings.MACHINE_TRANSLATOR = "python:tests.translating.test_machines.Shouting"
    assert chosen_translator().translate(["lamps"], "en", "ko") == ["LAMPS"]


@pytest.mark.parametrize("choice", ["", "argos", "python:nowhere.at.all"])
def test_translator_that_is_not_there_is_away(settings: Any, choice: str) -> None:
    settings.MACHINE_TRANSLATOR = choice
    with pytest.raises(TranslatorAway):
        chosen_translator()


@pytest.mark.parametrize(
    "private",
    [
        "ana@ciudad.example",
        "https://ciudad.example/plan?a=7",
        "+56 2 2345 6789",
        "Ciudad Luz S.A.",
        "%(count)s",
        "TRL7",
    ],
)
def test_addresses_names_and_codes_stay_here(private: str) -> None:
    masked, kept = mask(f"Ask {private} about 9,400 lamps.", ["Ciudad Luz S.A."])
    assert (private in masked, kept) == (False, [private])
    assert unmask(masked.upper(), kept) == f"ASK {private} ABOUT 9,400 LAMPS."


@pytest.mark.parametrize("answer", ["Ask about", "Ask [[0]] and [[0]]", "Ask [[0]] [[1]]"])
def test_lost_doubled_or_invented_mark_spoils_a_text(answer: str) -> None:
    assert unmask(answer, ["ana@ciudad.example"]) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("9,400 lamps by 2030", "2030년까지 9400개", True),
        ("1,250.5 km", "1 250,5 km", True),
        ("9,400 lamps", "9,500 lamps", False),
        ("2 of 3", "2", False),
    ],
)
def test_figures_are_compared_without_separators(one: str, other: str, same: bool) -> None:
    assert same_figures(one, other) is same


def test_paragraphs_keep_their_places() -> None:
    drafts = drafts_of(Shouting(), {"problem": "one\n\ntwo\n"}, "en", "ko")
    assert drafts == {"problem": "ONE\n\nTWO\n"}


def test_text_of_which_a_figure_is_lost_is_left_out(server: Server, libre: Libre) -> None:
    server.answer = lambda question: {"translatedText": [text.replace("9,400", "many") for text in question["q"]]}
    drafts = drafts_of(libre, {"title": "Lamps", "problem": "9,400 lamps fail."}, "en", "ko")
    assert drafts == {"title": "Lamps"}


def test_long_texts_go_in_several_requests_with_signs_of_life(server: Server, libre: Libre) -> None:
    signs: list[int] = []
    lines = "\n".join(f"{letter * 2500}" for letter in "abc")
    drafts_of(libre, {"problem": lines}, "en", "ko", sign_of_life=lambda: signs.append(1))
    assert (len(server.asked), len(signs)) == (3, 3)
