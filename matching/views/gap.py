"""The gap, for everybody: tables, what keeps pairs apart, and the same as files."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.models import FocusArea, Topic
from matching import gap
from matching.disclosure import TOTAL
from matching.filters import PlaceFilter
from matching.gap import Moment, Slice
from matching.gap_funnel import funnel
from matching.gap_map import gap_map
from matching.gap_tables import COLUMNS, Labelled, cube, gap_url, heat_table, lines, list_url
from matching.sentences import GATE_LABELS
from matching.words import Words
from portal.common import geography
from portal.common.currencies import rates_date
from portal.common.downloads import csv_response, json_response
from portal.common.languages import sort_key

SHOWN_CRITERIA = 8


@require_safe
def gap_page(request: HttpRequest) -> HttpResponse:
    form = PlaceFilter(request.GET)
    chosen = Slice(**form.valid())
    moment = gap.moment()
    rows, columns = _rows(chosen), _columns(chosen, moment)
    heat = heat_table(moment, rows, columns, _at(chosen))
    heats = dict(zip((code for code, _label in columns), (cell.heat for cell in heat[-1]), strict=False))
    context = {
        "form": form,
        "chosen": chosen,
        "figures": moment.figures(chosen),
        "supply": moment.supply(chosen),
        "lines": lines(moment, chosen, rows, _row_slice(chosen), _row_drill(chosen)),
        "languages": lines(
            moment, chosen, _languages(moment, chosen), lambda code: replace(chosen, language=code), _no_drill
        ),
        "columns": [(label, gap_url(replace(chosen, place=code)) if _opens(code) else "") for code, label in columns],
        "heat": list(zip([*rows, (TOTAL, _("All"))], heat, strict=True)),
        "map": gap_map(moment, chosen, lambda country: heats.get(_part(chosen, country))),
        "funnel": funnel(moment, chosen),
        **_reasons(moment, chosen),
        **_about(request, chosen, moment),
    }
    return render(request, "matching/gap.html", context)


def _rows(chosen: Slice) -> Labelled:
    """Focus areas, or the topics of the one chosen."""
    if chosen.focus:
        return list(Topic.objects.filter(focus_area__code=chosen.focus).values_list("code", "label"))
    return list(FocusArea.objects.values_list("code", "label"))


def _row_slice(chosen: Slice) -> Callable[[str], Slice]:
    return lambda code: replace(chosen, topic=code) if chosen.focus else replace(chosen, focus=code)


def _row_drill(chosen: Slice) -> Callable[[str], Slice | None]:
    return lambda code: None if chosen.focus else replace(chosen, focus=code)


def _no_drill(code: str) -> None:
    """Languages have no parts."""


def _columns(chosen: Slice, moment: Moment) -> Labelled:
    """The parts of the place chosen that have open demand: continents, subregions, or countries."""
    language = get_language() or "en"
    codes = {_part(chosen, country) for country, _language, _need in moment.cells(chosen)}
    # Imports may bring codes that are no country; they count in the totals only.
    known = [(code, geography.region_name(code, language)) for code in codes if code and _is_place(code)]
    return sorted(known, key=lambda pair: sort_key(pair[1], language))


def _part(chosen: Slice, country: str) -> str:
    """Which part of the place chosen the country is in."""
    if not chosen.place:
        return gap.continent(country)
    return gap.subregion(country) if chosen.place in CONTINENTS else country


def _is_place(code: str) -> bool:
    return code in geography.countries() or code in geography.regions()


CONTINENTS = frozenset({"002", "009", "019", "142", "150"})


def _opens(code: str) -> bool:
    """Whether a column can be opened further: countries have no parts."""
    return code in geography.regions()


def _at(chosen: Slice) -> Callable[[str, str], Slice]:
    row_slice = _row_slice(chosen)

    def at(row: str, column: str) -> Slice:
        place = chosen.place if column == TOTAL else column
        return replace(chosen if row == TOTAL else row_slice(row), place=place)

    return at


def _languages(moment: Moment, chosen: Slice) -> Labelled:
    present = {language for _country, language, _need in moment.cells(chosen)}
    return [(code, name) for code, name in settings.LANGUAGES if code in present]


def _reasons(moment: Moment, chosen: Slice) -> dict[str, Any]:
    """Why pairs fail: gates over all pairs of one focus area, criteria over the near misses."""
    words = Words()
    gates = moment.failures(chosen).most_common()
    failing = moment.failing_criteria(chosen).items()
    criteria = sorted(failing, key=lambda pair: (-pair[1], pair[0]))[:SHOWN_CRITERIA]
    return {
        "gates": [(GATE_LABELS.get(gate, gate), number) for gate, number in gates],
        "most_failures": gates[0][1] if gates else 0,
        "criteria": [(words.criterion(code), number) for code, number in criteria],
        "most_misses": criteria[0][1] if criteria else 0,
    }


def _about(request: HttpRequest, chosen: Slice, moment: Moment) -> dict[str, Any]:
    return {
        "list_url": list_url(chosen),
        "query": request.GET.urlencode(),
        "computed_at": moment.rankings_of,
        "counted_at": moment.counted_at,
        "rates_date": rates_date(),
        "floor": settings.GAP_DISCLOSURE_FLOOR,
    }


@require_safe
def gap_download(request: HttpRequest, kind: str) -> HttpResponse:
    """Every focus area × subregion × language that the filters leave, as CSV or JSON."""
    chosen = Slice(**PlaceFilter(request.GET).valid())
    rows = file_rows(chosen)
    if kind == "csv":
        return csv_response("gap", COLUMNS, rows)
    if kind == "json":
        return json_response("gap", rows, about=about_file(request))
    raise Http404


def file_rows(chosen: Slice) -> Iterator[dict[str, Any]]:
    return cube(gap.moment(), chosen)


def about_file(request: HttpRequest) -> dict[str, Any]:
    moment = gap.moment()
    return {
        "url": f"{settings.SITE_URL.rstrip('/')}{request.get_full_path()}",
        "date": moment.counted_at or timezone.now(),
        "rankings_of": moment.rankings_of,
        "exchange_rates_of": rates_date(),
        "disclosure_floor": settings.GAP_DISCLOSURE_FLOOR,
    }
