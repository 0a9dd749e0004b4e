"""Where the applications to a call stand, by the jury's points."""

from dataclasses import dataclass
from itertools import groupby

from portal.programmes.enums import ApplicationState
from portal.programmes.models import Application, Call, Score
from portal.programmes.scoring import Given, Result, weigh

JUDGED = (ApplicationState.ADMITTED, ApplicationState.ACCEPTED, ApplicationState.DECLINED)


@dataclass(frozen=True, slots=True)
class Standing:
    application: Application
    result: Result


def standings(call: Call) -> list[Standing]:
    """Best first; those without a finished score last. Scores of jurors who left or are tied do not count."""
    found = list(call.applications.filter(state__in=JUDGED).with_records().order_by("number"))
    weights = dict(call.criteria.values_list("pk", "weight"))
    rows = Score.objects.filter(application__in=found, juror__is_active=True).select_related("juror", "application")
    conflicts = set(call.jurors.values_list("pk", "conflicts__organisation_id"))
    fair = [row for row in rows if (row.juror_id, row.application.organisation_id) not in conflicts]
    given = {
        pk: [Given(row.juror_id, row.criterion_id, row.points) for row in group]
        for pk, group in groupby(sorted(fair, key=lambda row: row.application_id), key=lambda row: row.application_id)
    }
    standing = [Standing(one, weigh(given.get(one.pk, []), weights)) for one in found]
    return sorted(
        standing, key=lambda row: (-(row.result.mean if row.result.mean is not None else -1), row.application.number)
    )
