"""Results and report as files: what the pages show, to keep, to print and to count with."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from portal.common.languages import format_day
from portal.common.pdf import Document
from portal.common.translated import original, shown
from portal.programmes.enums import ApplicationState
from portal.programmes.labels import figures_in_words
from portal.programmes.models import Programme
from portal.programmes.results import Standing, standings

RESULT_COLUMNS = ("call", "reference", "organisation", "country", "record", "title", "place", "score")


def accepted_of(programme: Programme) -> Iterator[tuple[Any, list[Standing]]]:
    """Of each call those accepted, the best first."""
    for call in programme.calls.select_related("programme"):
        yield call, [row for row in standings(call) if row.application.state == ApplicationState.ACCEPTED]


def result_rows(programme: Programme) -> Iterator[dict[str, Any]]:
    """One row for everybody accepted; who was not stands nowhere."""
    for call, rows in accepted_of(programme):
        for row in rows:
            one = row.application
            yield {
                "call": shown(call, "title").text,
                "reference": call.public_id,
                "organisation": one.organisation.name,
                "country": one.organisation.country,
                "record": one.record.public_id,
                "title": original(one.record, "title" if one.demand_id else "name"),
                "place": row.place,
                "score": one.score if one.score is None else round(one.score, 2),
            }


def report_of(programme: Programme, language: str) -> Document:
    day = format_day(timezone.localtime(programme.reported_at).date(), language)
    title = shown(programme, "title").text
    sheet = Document(title=title, language=language, foot=settings.SITE_NAME, made_at=timezone.now())
    sheet.heading(title, 1)
    sheet.paragraph(shown(programme, "summary").text)
    sheet.heading(gettext("What came of it"))
    for text in shown(programme, "report").text.split("\n\n"):
        sheet.paragraph(text)
    sheet.facts([(label, value) for label, value in figures_in_words(programme.report_figures)])
    sheet.paragraph(
        gettext("Counted on %(day)s from the demands, solutions and matches of this portal.") % {"day": day}, soft=True
    )
    for call, rows in accepted_of(programme):
        sheet.heading(f"{pgettext('programme', 'Results')}: {shown(call, 'title').text}")
        sheet.facts([(row.application.organisation.name, _title(row)) for row in rows])
    partners = [(partner.get_role_display(), partner.name) for partner in programme.partners.all()]
    if partners:
        sheet.heading(gettext("Partners and funders"))
        sheet.facts(partners)
    return sheet


def _title(row: Standing) -> str:
    application = row.application
    return shown(application.record, "title" if application.demand_id else "name").text
