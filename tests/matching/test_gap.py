"""The gap: figures that equal a count by hand, nothing small given away, every figure linked to its records."""

import csv
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import FocusArea, Topic
from cities.models import Demand
from matching import gap
from matching.disclosure import TOTAL, hidden
from matching.gap import Figures, Slice, count_now, headline
from matching.gap_tables import COLUMNS, cube, heat_table, lines
from matching.models import Ranking
from matching.moments.actions import refresh_gap
from tests.conftest import MakeMould
from tests.factories import DemandFactory, SolutionFactory
from tests.mould import Mould

COUNTRIES = ("CL", "CL", "PE", "KR", "DE", "CL", "KR", "KE")
AREAS = ("smart_energy", "mobility", "smart_energy", "mobility")


def area(code: str) -> FocusArea:
    return FocusArea.objects.get(code=code)


def ranking(demand: Demand, above: int, eligible: int = 0, failures: dict[str, int] | None = None) -> Ranking:
    from django.utils import timezone

    return Ranking.objects.create(
        demand=demand, demand_version=1, above_floor=above, eligible=max(eligible, above), failures=failures or {},
        backend="b", engine_version="1", config_version="c", computed_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture(scope="session")
def _many_mould(make_mould: MakeMould) -> Mould:
    return make_mould(make_many)


@pytest.fixture
def many(db: None, _many_mould: Mould) -> list[Demand]:
    """Forty demands over areas, countries and languages, every third of them matched, and some that do not count."""
    made: list[Demand] = _many_mould.cast()
    return made


def make_many() -> list[Demand]:
    made = []
    for number in range(40):
        demand = DemandFactory(
            country=COUNTRIES[number % len(COUNTRIES)],
            focus_area=area(AREAS[number % len(AREAS)]),
            language=("en", "es", "ko")[number % 3],
            people_served=1000 * number if number % 2 else None,
            budget_max=Decimal(100_000) if number % 4 else None,
            currency="EUR" if number % 4 else "",
        )
        if number % 5:
            ranking(demand, above=int(number % 3 == 0), eligible=number % 2, failures={"region": number, "language": 1})
        made.append(demand)
    made[0].more_focus_areas.add(area("procurement"))
    for fields in ({"state": "closed"}, {"visibility": "members"}, {"state": "draft", "published_at": None}):
        ranking(DemandFactory(**fields), above=1)
    SolutionFactory.create_batch(3)
    SolutionFactory(state="draft")
    return made


def sql(query: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone()


OPEN = "cities_demand d WHERE d.state IN ('published', 'in_dialogue') AND d.visibility = 'public'"
MATCHED = "EXISTS (SELECT 1 FROM matching_ranking r WHERE r.demand_id = d.id AND r.above_floor > 0)"


def test_headline_equals_a_recount(many: list[Demand]) -> None:
    found = headline()
    assert (found.open_demands,) == sql(f"SELECT count(*) FROM {OPEN}")
    assert (found.matched_demands,) == sql(f"SELECT count(*) FROM {OPEN} AND {MATCHED}")
    assert (found.live_solutions,) == sql("SELECT count(*) FROM catalog_solution WHERE state = 'listed'")
    assert found.gap_demands == found.open_demands - found.matched_demands == 40 - 11


def test_headline_of_an_empty_portal_is_nought(db: None) -> None:
    assert headline() == gap.Headline(0, 0, 0, 0)


def test_figures_of_a_slice_equal_a_recount(many: list[Demand]) -> None:
    chosen = Slice(focus="mobility", place="142", language="ko")
    found = count_now().figures(chosen)
    where = f"""
        {OPEN} AND d.country = 'KR' AND d.original_language = 'ko'
        AND (d.focus_area_id = (SELECT id FROM catalog_focusarea WHERE code = 'mobility'))
    """
    total, people, budget = sql(f"SELECT count(*), sum(people_served), sum(budget_max) FROM {where}")
    assert (found.open, found.people, found.budget_eur) == (total, people or 0, float(budget or 0))
    assert (found.matched,) == sql(f"SELECT count(*) FROM {where} AND {MATCHED}")
    assert total > 0


def test_demand_counts_in_each_of_its_focus_areas(many: list[Demand]) -> None:
    by_area = {code: count_now().figures(Slice(focus=code)).open for code in ("procurement", "smart_energy")}
    assert by_area == {"procurement": 1, "smart_energy": 20}


def test_demand_without_a_ranking_is_open_and_unmatched(db: None) -> None:
    DemandFactory()
    found = count_now().figures(Slice())
    assert (found.open, found.matched, found.without, found.passing) == (1, 0, 1, 0)


def test_failures_are_summed_over_the_demands(many: list[Demand]) -> None:
    found = count_now().failures(Slice())
    expected = sql(f"SELECT sum((r.failures ->> 'region')::int) FROM matching_ranking r, {OPEN} AND r.demand_id = d.id")
    assert (found["region"],) == expected


def test_failing_criteria_are_counted_over_near_misses(db: None) -> None:
    verdicts = [
        {"outcome": "fail", "values": {"criterion": "warranty_years"}},
        {"outcome": "pass", "values": {"criterion": "low_noise"}},
        {"outcome": "fail", "values": {"country": "CL"}},
    ]
    for _ in range(2):
        row = ranking(DemandFactory(), above=0)
        row.near_misses = [{"gate": "must_haves", "result": {"verdicts": verdicts}}]
        row.save(update_fields=["near_misses"])
    assert count_now().failing_criteria(Slice()) == {"warranty_years": 2}


@pytest.mark.parametrize(
    ("chosen", "admitted"),
    [
        (Slice(), True),
        (Slice(focus="smart_energy"), True),
        (Slice(focus="mobility"), False),
        (Slice(topic="street_lighting"), True),
        (Slice(topic="cycling"), False),
        (Slice(place="005"), True),
        (Slice(place="142"), False),
        (Slice(language="es"), True),
        (Slice(language="ko"), False),
    ],
)
def test_supply_is_what_the_gates_let_through(db: None, chosen: Slice, admitted: bool) -> None:
    SolutionFactory(regions=["CL"], languages=["es"], topics=[Topic.objects.get(code="street_lighting")])
    assert count_now().supply(chosen) == admitted


def test_supply_that_states_no_region_or_language_counts_everywhere(db: None) -> None:
    SolutionFactory(regions=[], languages=[], focus_area=None)
    assert count_now().supply(Slice(focus="mobility", place="142", language="ko")) == 1


# --- Nothing small is given away ---

Counts = Mapping[tuple[str, str], int]


@st.composite
def tables(draw: st.DrawFn) -> dict[tuple[str, str], int]:
    """A table with its sums, as pages publish them."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    cells = {(f"r{r}", f"c{c}"): draw(st.integers(0, 9)) for r in range(rows) for c in range(columns)}
    table = dict(cells)
    for r in range(rows):
        table[f"r{r}", TOTAL] = sum(n for (row, _), n in cells.items() if row == f"r{r}")
    for c in range(columns):
        table[TOTAL, f"c{c}"] = sum(n for (_, column), n in cells.items() if column == f"c{c}")
    table[TOTAL, TOTAL] = sum(cells.values())
    return table


@given(tables(), st.integers(2, 5))
def test_no_cell_below_the_floor_is_shown(table: Counts, floor: int) -> None:
    shown = {key: number for key, number in table.items() if key not in hidden(table, floor)}
    assert [number for number in shown.values() if 0 < number < floor] == []


@given(tables(), st.integers(2, 5))
def test_no_hidden_cell_can_be_worked_out_from_its_line(table: Counts, floor: int) -> None:
    gone = hidden(table, floor)
    for axis in (0, 1):
        for name in {key[1 - axis] for key in table}:
            line = [key for key in table if key[1 - axis] == name]
            inside = [key for key in line if key in gone]
            others_are_nought = all(table[key] == 0 for key in line if key not in gone)
            assert len(inside) != 1 or others_are_nought


def test_table_without_small_cells_is_shown_whole() -> None:
    assert hidden({("a",): 5, ("b",): 7, (TOTAL,): 12}, 3) == set()


def test_one_small_cell_takes_the_smallest_other_with_it() -> None:
    assert hidden({("a",): 1, ("b",): 7, ("c",): 4, (TOTAL,): 12}, 3) == {("a",), ("c",)}


def test_two_small_cells_that_add_up_to_less_than_the_floor_take_a_third() -> None:
    assert hidden({("a",): 1, ("b",): 1, ("c",): 4, (TOTAL,): 6}, 3) == {("a",), ("b",), ("c",)}


def test_file_shows_no_figure_below_the_floor(many: list[Demand], settings: Any) -> None:
    settings.GAP_DISCLOSURE_FLOOR = 3
    rows = list(cube(count_now(), Slice()))
    small = [
        row[name]
        for row in rows
        for name in ("open_demands", "matched_demands", "unmatched_demands", "demands_with_passing_solution")
        if row[name] is not None and 0 < row[name] < 3
    ]
    assert small == []
    assert any(row["suppressed"] for row in rows)


def test_split_of_a_shown_count_is_hidden_where_one_part_is_small(db: None, settings: Any) -> None:
    settings.GAP_DISCLOSURE_FLOOR = 3
    for number in range(6):
        ranking(DemandFactory(), above=int(number > 0))
    rows = [("smart_energy", "Energy")]
    (line,) = lines(count_now(), Slice(), rows, lambda code: Slice(focus=code), lambda code: None)
    assert (line.open, line.matched, line.without) == (6, None, None)


# --- The page and its files ---


@pytest.fixture
def every_figure(settings: Any) -> None:
    settings.GAP_DISCLOSURE_FLOOR = 1


def test_page_lines_equal_a_recount(client: Any, many: list[Demand], every_figure: None) -> None:
    context = client.get("/en/gap/").context
    found = {line.label: (line.open, line.without) for line in context["lines"]}
    for one in FocusArea.objects.all():
        where = f"""{OPEN} AND (d.focus_area_id = {one.pk} OR EXISTS (
            SELECT 1 FROM cities_demand_more_focus_areas m WHERE m.demand_id = d.id AND m.focusarea_id = {one.pk}))"""
        expected = (*sql(f"SELECT count(*) FROM {where}"), *sql(f"SELECT count(*) FROM {where} AND NOT {MATCHED}"))
        assert found[one.label] == expected
    assert context["figures"].open == headline().open_demands
    assert context["figures"].without == headline().gap_demands
    assert context["supply"] == headline().live_solutions


def test_heat_table_cells_equal_the_list_behind_them(client: Any, many: list[Demand], every_figure: None) -> None:
    context = client.get("/en/gap/").context
    cells = [cell for _row, row in context["heat"] for cell in row]
    assert any(cell.open for cell in cells)
    for cell in cells:
        assert client.get(cell.url).context["count"] == cell.open, cell.url


def test_line_links_lead_to_as_many_demands(client: Any, many: list[Demand], every_figure: None) -> None:
    context = client.get("/en/gap/").context
    for line in (*context["lines"], *context["languages"]):
        assert client.get(line.list_url).context["count"] == line.open, line.list_url


def test_page_of_a_focus_area_shows_its_topics(client: Any, db: None, every_figure: None) -> None:
    DemandFactory(topics=[Topic.objects.get(code="street_lighting")])
    context = client.get("/en/gap/?focus=smart_energy").context
    found = {line.label: line.open for line in context["lines"]}
    assert set(found) == set(Topic.objects.filter(focus_area__code="smart_energy").values_list("label", flat=True))
    assert sum(found.values()) == found[Topic.objects.get(code="street_lighting").label] == 1


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("", ["Africa", "Americas", "Asia", "Europe"]),
        ("?place=019", ["South America"]),
        ("?place=005", ["Chile", "Peru"]),
    ],
)
def test_columns_are_the_parts_of_the_place(client: Any, many: list[Demand], query: str, columns: list[str]) -> None:
    assert [label for label, _url in client.get(f"/en/gap/{query}").context["columns"]] == columns


def test_page_with_a_wrong_filter_reports_it_and_shows_everything(client: Any, many: list[Demand]) -> None:
    response = client.get("/en/gap/?focus=astrology")
    assert (response.status_code, response.context["figures"].open) == (200, 40)
    assert list(response.context["form"].errors) == ["focus"]


def test_page_without_demands_says_so(client: Any, db: None) -> None:
    assert "No open demand here" in client.get("/en/gap/").content.decode()


def test_demand_in_a_place_that_is_no_country_counts_in_the_totals(client: Any, db: None, every_figure: None) -> None:
    DemandFactory(country="XX")
    context = client.get("/en/gap/").context
    assert (context["figures"].open, context["columns"]) == (1, [])


def body(response: Any) -> str:
    return response.getvalue().decode("utf-8-sig")


def test_files_hold_the_same_rows_and_their_origin(client: Any, many: list[Demand]) -> None:
    table = list(csv.DictReader(io.StringIO(body(client.get("/en/gap/download.csv")))))
    content = json.loads(body(client.get("/en/gap/download.json")))
    assert tuple(table[0]) == COLUMNS
    assert [row["focus_area"] for row in table] == [row["focus_area"] for row in content["results"]]
    assert content["disclosure_floor"] == 3
    assert content["rankings_of"] is not None


def test_file_equals_a_recount(client: Any, many: list[Demand], every_figure: None) -> None:
    rows = json.loads(body(client.get("/en/gap/download.json?focus=mobility")))["results"]
    mobility = [row for row in rows if row["focus_area"] == "mobility"]
    assert sum(row["open_demands"] for row in mobility) == 20
    korea = next(row for row in mobility if (row["subregion"], row["language"]) == ("030", "ko"))
    assert (korea["continent"], korea["live_solutions"]) == ("142", 0)


def test_download_of_another_kind_does_not_exist(client: Any, db: None) -> None:
    assert client.get("/en/gap/download.exe").status_code == 404


def test_links_of_the_page_keep_its_filters(client: Any, many: list[Demand], every_figure: None) -> None:
    context = client.get("/en/gap/?language=en").context
    for line in context["lines"]:
        assert parse_qs(urlsplit(line.list_url).query)["language"] == ["en"]
        assert parse_qs(urlsplit(line.url).query)["language"] == ["en"]


def test_heat_is_darkest_where_nothing_is_matched(db: None, every_figure: None) -> None:
    DemandFactory()
    for _ in range(3):
        ranking(DemandFactory(country="KR"), above=1)
    rows = heat_table(count_now(), [("smart_energy", "E")], [("CL", "Chile"), ("KR", "Korea")], lambda r, c: _at(r, c))
    assert [cell.heat for cell in rows[0]] == [4, 0, 1]


def _at(row: str, column: str) -> Slice:
    return Slice(focus="" if row == TOTAL else row, place="" if column == TOTAL else column)


def test_figures_of_nothing_are_nought() -> None:
    assert (Figures.of([]), Figures().share) == (Figures(), 0.0)


def test_page_needs_no_more_queries_for_more_demands(client: Any, db: None, django_assert_max_num_queries: Any) -> None:
    from django.test.utils import CaptureQueriesContext

    DemandFactory()
    with CaptureQueriesContext(connection) as few:
        client.get("/en/gap/")
    DemandFactory.create_batch(3)
    with django_assert_max_num_queries(len(few)):
        client.get("/en/gap/")


# --- The stored moment of a large portal ---


def test_stored_moment_equals_what_is_counted_now(many: list[Demand], settings: Any) -> None:
    settings.COUNTED_BY_WORKERS_FROM = 10
    assert refresh_gap() is True
    stored, now = gap.stored_moment(), count_now()
    assert stored is not None
    assert (stored.needs, stored.offers, stored.steps) == (now.needs, now.offers, now.steps)


def test_stored_moment_is_shown_until_it_is_counted_again(client: Any, many: list[Demand], settings: Any) -> None:
    settings.COUNTED_BY_WORKERS_FROM = 10
    refresh_gap()
    DemandFactory()
    assert client.get("/en/gap/").context["figures"].open == headline().open_demands == 40
    assert refresh_gap() is True
    assert client.get("/en/gap/").context["figures"].open == headline().open_demands == 41


def test_gap_is_not_counted_again_while_nothing_changes(many: list[Demand], settings: Any) -> None:
    settings.COUNTED_BY_WORKERS_FROM = 10
    refresh_gap()
    assert refresh_gap() is False


def test_portal_that_became_small_is_counted_at_the_moment_of_asking(many: list[Demand], settings: Any) -> None:
    settings.COUNTED_BY_WORKERS_FROM = 10
    refresh_gap()
    settings.COUNTED_BY_WORKERS_FROM = 1000
    assert refresh_gap() is False
    assert gap.stored_moment() is None
