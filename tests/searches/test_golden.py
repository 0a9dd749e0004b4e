"""Golden queries: what is typed in one of seven languages, and which of seven records it finds, the first one first."""

from typing import Any

import pytest

from catalog.writing_actions import refresh_search as index_solution
from cities.actions import refresh_search
from cities.models import Demand
from portal.common import finding
from portal.common.reading import Way, read, telling
from portal.common.search import HEAD
from portal.jobs.tasks import run_due
from portal.searches.word_actions import recount_words
from tests.factories import DemandFactory, SolutionFactory
from tests.queries import assert_queries_constant

pytestmark = pytest.mark.django_db

TEXTS = {
    "bus_en": ("en", "Electric buses for the ring road", "New vehicles and depots with chargers."),
    "bus_ko": ("ko", "친환경 버스 도입", "시내 노선에 새 차량을 들여옵니다."),
    "bus_es": ("es", "Autobuses limpios en el centro", "La ciudad quiere renovar su flota."),
    "light_es": ("es", "Alumbrado público en los barrios", "Las luminarias consumen demasiada energía."),
    "light_fr": ("fr", "Éclairage des rues du vieux cœur", "Réduire la consommation des lampadaires."),
    "flood_ja": ("ja", "河川の洪水対策", "大雨のときに水があふれます。"),
    "waste_zh": ("zh-hans", "垃圾分类收集", "居民需要新的垃圾桶。"),
    "lamp_hant": ("zh-hans", "更換路燈", "舊城區的照明設備耗電太多。"),
    "school_pt": ("pt", "Telhados solares nas escolas", "A administração quer reduzir as contas de luz."),
}
# language of the reader, words → what comes first (any order), what must be there too, what must not.
GOLDEN = [
    ("en", "bus", {"bus_en"}, {"bus_ko", "bus_es"}, {"light_es", "waste_zh"}),
    ("en", "buses", {"bus_en"}, {"bus_ko", "bus_es"}, {"flood_ja"}),
    ("ko", "버스", {"bus_ko"}, {"bus_en", "bus_es"}, {"light_fr"}),
    ("ko", "전기버스를", {"bus_en"}, set(), {"light_fr"}),
    ("ko", "버쓰", {"bus_ko"}, {"bus_en"}, {"flood_ja"}),
    ("ja", "バス", {"bus_en", "bus_es", "bus_ko"}, set(), {"flood_ja"}),
    ("ja", "ﾊﾞｽ", {"bus_en", "bus_es", "bus_ko"}, set(), {"flood_ja"}),
    ("zh-hans", "公交车", {"bus_en", "bus_es", "bus_ko"}, set(), {"waste_zh"}),
    ("es", "alumbrados públicos", {"light_es"}, {"light_fr"}, {"bus_es"}),
    ("es", "alumbardo", {"light_es"}, {"light_fr"}, {"bus_es"}),
    ("es", "alumbrados", {"light_es"}, set(), {"bus_es"}),
    ("es", "luminaria", {"light_es"}, set(), {"bus_es"}),
    ("fr", "eclairage public", {"light_fr"}, {"light_es"}, {"bus_en"}),
    ("fr", "ÉCLAIRAGE des rue", {"light_fr"}, set(), {"bus_en"}),
    ("fr", "coeur", {"light_fr"}, set(), {"light_es"}),
    ("pt", "escola", {"school_pt"}, set(), {"bus_en"}),
    ("pt", "administracao", {"school_pt"}, set(), {"bus_en"}),
    ("en", "flood", {"flood_ja"}, set(), {"bus_en"}),
    ("zh-hans", "洪水", {"flood_ja"}, set(), {"waste_zh"}),
    ("zh-hans", "垃圾", {"waste_zh"}, set(), {"flood_ja"}),
    ("zh-hans", "垃圾分類", {"waste_zh"}, set(), {"flood_ja"}),
    ("zh-hans", "更换路灯", {"lamp_hant"}, set(), {"waste_zh"}),
    ("zh-hans", "照明设备", {"lamp_hant"}, set(), {"waste_zh"}),
    ("zh-hans", "公交車", {"bus_en", "bus_es", "bus_ko"}, set(), {"waste_zh"}),
    ("en", "waste collection", {"waste_zh"}, set(), {"flood_ja"}),
    ("en", "ｅｌｅｃｔｒｉｃ", {"bus_en"}, set(), {"light_es"}),
    ("en", "elektric bus", {"bus_en"}, set(), {"light_es"}),
    ("en", "vehicel", {"bus_en"}, set(), {"light_es"}),
    ("en", "xylophone", set(), set(), set(TEXTS)),
]


@pytest.fixture
def demands(db: None) -> dict[str, str]:
    made = {}
    for name, (language, title, summary) in TEXTS.items():
        demand = DemandFactory(language=language, title=title, summary=summary, problem="", outcome="")
        refresh_search(demand)
        made[demand.public_id] = name
    recount_words()
    return made


@pytest.mark.parametrize(("language", "words", "first", "found", "missing"), GOLDEN, ids=[row[1] for row in GOLDEN])
def test_words_of_a_language_find_what_they_mean(
    client: Any, demands: dict[str, str], language: str, words: str, first: set[str], found: set[str], missing: set[str]
) -> None:
    page = client.get(f"/{language}/demands/", {"q": words}).context["page_obj"]
    names = [demands[demand.public_id] for demand in page]
    assert set(names[: len(first)]) == first
    assert found <= set(names)
    assert not missing & set(names)


@pytest.mark.usefixtures("demands")
def test_words_looked_up_apart_find_what_they_find_together() -> None:
    for language, words, *_expected in GOLDEN:
        records = Demand.objects.all()
        reading = read(words, language, records)
        assert reading is not None
        for before in ("", HEAD):
            for together, apart in ((reading.own, reading.own_ways), (reading.wide, reading.wide_ways)):
                found = set(records.filter(search=together(before)))
                assert set(records.filter(search__ways=apart(before))) == found, words


@pytest.mark.parametrize(("most", "few"), [(1000, 2500), (2, 2500), (2, 0)], ids=["among", "by reading", "by index"])
def test_filter_leaves_the_same_whichever_way_words_are_looked_up(
    client: Any, demands: dict[str, str], monkeypatch: pytest.MonkeyPatch, most: int, few: int
) -> None:
    monkeypatch.setattr(finding, "MOST", most)
    monkeypatch.setattr(finding, "FEW", few)
    page = client.get("/en/demands/", {"q": "bus", "language": "ko", "open": "on"})
    assert [demands[one.public_id] for one in page.context["page_obj"]] == ["bus_ko"]
    if most == 2:  # too many for a page to count
        run_due()
        page = client.get("/en/demands/", {"q": "bus", "language": "ko", "open": "on"})
    assert "한국어 (1)" in dict(page.context["form"].fields["language"].choices).values()


def test_ways_that_find_nothing_more_are_left_out() -> None:
    typed, more, other = Way.of("bus lane"), Way.of("bus lanes in town"), Way.of("coach", "en")
    open_to_the_end = telling((typed, more, other, Way.of("coach lane", "en")), True)
    assert open_to_the_end == (typed, other)
    assert telling((typed, more), False) == (typed, more)


def test_solution_in_another_language_is_found(client: Any) -> None:
    solution = SolutionFactory(language="ko", name="저상 버스", tagline="", solves="")
    index_solution(solution)
    recount_words()
    page = client.get("/en/solutions/", {"q": "bus"}).context["page_obj"]
    assert [one.pk for one in page] == [solution.pk]


def test_word_of_a_draft_is_never_suggested(client: Any, demands: dict[str, str]) -> None:
    refresh_search(DemandFactory(state="draft", title="Zeppelinhangar"))
    refresh_search(DemandFactory(visibility="members", title="Zeppelinmasts"))
    recount_words()
    assert b"eppelinhangar" not in client.get("/en/demands/?q=Zeppelinhangor").content
    assert b"eppelinmasts" not in client.get("/en/demands/?q=Zeppelinmasta").content


def test_api_and_downloads_find_what_the_page_finds(client: Any, demands: dict[str, str]) -> None:
    on_page = [one.public_id for one in client.get("/en/demands/?q=bus").context["page_obj"]]
    in_api = [row["reference"] for row in client.get("/api/v1/demands/?q=bus").json()["results"]]
    in_file = b"".join(client.get("/en/demands/download.csv?q=bus").streaming_content).decode()
    assert in_api == on_page
    assert [one for one in on_page if one not in in_file] == []


def test_search_asks_as_often_for_one_row_as_for_three(client: Any, demands: dict[str, str]) -> None:
    def add() -> None:
        refresh_search(DemandFactory(title="Another bus"))

    assert_queries_constant(lambda: client.get("/en/demands/?q=bus"), add)
