"""Those who speak for the lead learn what another city of the pool has answered."""

from matching.pooling.models import PoolAnswer
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import handles
from portal.notices.actions import members_of, notify, path_of


@handles("notices.pool_match_answered", queue="default")
def pool_match_answered(job: Job) -> None:
    found = PoolAnswer.objects.select_related("match__demand", "organisation")
    answer = found.filter(pk=int(job.subject.partition(":")[2])).first()
    if answer is not None:
        people = members_of(answer.match.demand.organisation_id, deciding=True)
        params = {"city": answer.organisation.name, "demand": original(answer.match.demand, "title")}
        event, path = f"job:{job.pk}", path_of(answer.match)
        notify(recipients=people, kind="pool_answered", event=event, params=params, path=path)
