"""The council brief: what a council has to know of a demand on one page, as a page to print and as a PDF file."""

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any
from unicodedata import east_asian_width

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import get_language, gettext

from cities.answers import in_short
from cities.facts import facts_of
from cities.models import Demand
from cities.readiness import Readiness, assess
from cities.readiness import facts_of as readiness_facts
from matching.coach.passing import Passing, passing
from portal.common.languages import format_day
from portal.common.pdf import Document, pdf_response
from portal.common.translated import Shown, shown

# So many letters of a text fit beside the rest; those of Chinese, Japanese and Korean are as wide as two.
# A council that wants more has the demand's own page. What is still too long for one page of a file is cut again.
MOST = 900
SHORTER = 450
LONGEST_WORD = 30


@dataclass(frozen=True, slots=True)
class Brief:
    """``texts`` in the reader's language where there is a translation, else as written; shortened to a page."""

    texts: dict[str, Shown]
    facts: list[tuple[str, Any]]
    musts: list[str]
    readiness: Readiness
    passing: Passing | None
    days: list[tuple[str, str]]
    made_on: str
    address: str


def brief_of(demand: Demand) -> Brief:
    """Of a demand loaded with ``for_detail``, in the active language."""
    language = get_language() or "en"
    days = [
        (gettext("Decision expected on"), demand.decision_on),
        (gettext("Work to start"), demand.start_on),
        (gettext("In operation by"), demand.operation_on),
    ]
    return Brief(
        texts={name: _short(shown(demand, name)) for name in ("title", "summary", "problem", "outcome")},
        facts=facts_of(demand).rows,
        musts=[in_short(row) for row in demand.requirements.all() if row.is_mandatory],
        readiness=assess(readiness_facts(demand), today=timezone.localdate()),
        passing=passing(demand),
        days=[(label, format_day(day, language)) for label, day in days if day],
        made_on=format_day(timezone.localdate(), language),
        address=f"{settings.SITE_URL}/{language}/demands/{demand.public_id}/",
    )


def _short(found: Shown, most: int = MOST) -> Shown:
    text = found.text.strip()
    widths = accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    fitting = sum(width <= most for width in widths)
    if fitting == len(text):
        return found
    # Not in the middle of a word, where words have ends.
    end = text.rfind(" ", fitting - LONGEST_WORD, fitting + 1)
    return found._replace(text=f"{text[: end if end > 0 else fitting].rstrip()}…")


def passing_in_words(found: Passing) -> str:
    text = gettext("%(count)s of %(all)s solutions in the catalogue would pass the conditions.")
    return text % {"count": found.count, "all": found.of}


def brief_file(demand: Demand) -> HttpResponse:
    """A PDF file of the same on one page, in the active language."""
    brief = brief_of(demand)
    sheet = _sheet(demand, brief)
    if sheet.pages > 1:
        sheet.drop()
        sheet = _sheet(
            demand, replace(brief, texts={name: _short(text, SHORTER) for name, text in brief.texts.items()})
        )
    return pdf_response(f"brief-{demand.public_id}", sheet)


def _sheet(demand: Demand, brief: Brief) -> Document:
    language = get_language() or "en"
    foot = f"{settings.SITE_NAME} · {demand.public_id} · {brief.made_on}"
    title = brief.texts["title"].text
    sheet = Document(title=title, language=language, foot=foot, made_at=timezone.now())
    sheet.heading(title, 1)
    place = [str(part) for part in (demand.organisation, demand.city) if part]
    sheet.paragraph(" · ".join([*place, gettext("Council brief"), brief.made_on]), soft=True)
    sections = {"summary": "", "problem": gettext("The problem"), "outcome": gettext("The outcome wanted")}
    for name, heading in sections.items():
        if brief.texts[name].text:
            if heading:
                sheet.heading(heading)
            sheet.paragraph(brief.texts[name].text)
    sheet.heading(gettext("Facts"))
    sheet.facts([(label, strip_tags(str(value))) for label, value in [*brief.facts, *brief.days]], columns=2)
    readiness = gettext("Readiness: %(score)s of 100") % {"score": brief.readiness.score}
    counted = [passing_in_words(brief.passing)] if brief.passing else []
    last = [(gettext("How ready is it?"), "\n".join([readiness, *counted]))]
    if brief.musts:
        last.insert(0, (gettext("Must-haves"), "; ".join(brief.musts)))
    sheet.facts(last)
    sheet.paragraph(f"{_neutral()}\n{brief.address}", soft=True)
    return sheet


def _neutral() -> str:
    return gettext("This brief names no provider. Nobody is introduced before the city, a provider and ICLEI said yes.")
