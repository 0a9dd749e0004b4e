"""Where the applications to a call stand, by the jury's points."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from portal.programmes.enums import ApplicationState
from portal.programmes.models import Application, Call, CallCriterion, Score
from portal.programmes.scoring import Given, Result, order_of, weigh

JUDGED = (ApplicationState.ADMITTED, ApplicationState.ACCEPTED, ApplicationState.DECLINED)


@dataclass(frozen=True, slots=True)
class Standing:
    """``place`` is None without a finished score; equal results share a place (1, 2, 2, 4)."""

    application: Application
    result: Result
    place: int | None


def criteria_of(call: Call) -> list[CallCriterion]:
    """With what their texts need to be shown in the reader's language."""
    return list(call.criteria.select_related("call__programme"))


def standings(call: Call) -> list[Standing]:
    """Best first; those without a finished score last. Scores of jurors who left or are tied do not count."""
    found = list(call.applications.filter(state__in=JUDGED).with_records().order_by("number"))
    weights = dict(call.criteria.values_list("pk", "weight"))
    fair = sorted(fair_scores(call, found), key=lambda row: row.application_id)
    given = {
        pk: [Given(row.juror_id, row.criterion_id, row.points) for row in group]
        for pk, group in groupby(fair, key=lambda row: row.application_id)
    }
    results = {one.pk: weigh(given.get(one.pk, []), weights) for one in found}
    orders = {pk: order_of(result, weights) for pk, result in results.items()}
    scored = sorted(order for order in orders.values() if order)
    places = {pk: scored.index(order) + 1 if order else None for pk, order in orders.items()}
    standing = [Standing(one, results[one.pk], places[one.pk]) for one in found]
    return sorted(standing, key=lambda row: (row.place is None, row.place, row.application.number))


def fair_scores(call: Call, applications: Iterable[Application]) -> list[Score]:
    """What counts: not the points of jurors who left, nor of those tied to the applicant."""
    rows = Score.objects.filter(application__in=applications, juror__is_active=True)
    conflicts = set(call.jurors.values_list("pk", "conflicts__organisation_id"))
    found = rows.select_related("juror", "application").order_by("criterion__order", "pk")
    return [row for row in found if (row.juror_id, row.application.organisation_id) not in conflicts]


def points_of(application: Application) -> list[tuple[CallCriterion, float, list[str]]]:
    """What an applicant is told: of each criterion the mean out of 5, and what jurors wrote, without who."""
    rows = fair_scores(application.call, [application])
    sheets = [
        (criterion, [row for row in rows if row.criterion_id == criterion.pk])
        for criterion in criteria_of(application.call)
    ]
    return [
        (criterion, sum(row.points for row in given) / len(given), [row.comment for row in given if row.comment])
        for criterion, given in sheets
        if given
    ]
