"""Everything public there is, imported, and then a full re-match through the portal's own jobs."""

import os
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now

from portal.embedded.home import CHECKOUT
from tests.bench.clock import Reference, cpu_of
from tests.bench.rows import Row, missing, row
from tests.bench.stage import prepare

SHARED = Path(os.environ.get("URBANLINK_SHARED") or CHECKOUT.parent / "shared") / "data"
PATIENCE = 120.0  # after so many seconds what was done has to do; it is told of how many


def everything() -> Iterator[Row]:
    files = {kind: SHARED / kind / f"{kind}.jsonl" for kind in ("solutions", "demands")}
    absent = [str(file.relative_to(SHARED.parent)) for file in files.values() if not file.exists()]
    if absent:
        yield missing("full re-match of the public data", f"not there: {', '.join(absent)}; see URBANLINK_SHARED")
        return
    yield from matched(files)


def matched(files: dict[str, Path]) -> Iterator[Row]:
    from catalog.models import Solution
    from cities.models import Demand
    from cities.reference import load_cities
    from matching.models import Ranking
    from portal.jobs.models import Job

    prepare()
    load_cities()
    began = used()
    for kind, file in files.items():
        call_command(f"import_{kind}", str(file), mapping=f"public_{kind}", source="", stdout=StringIO())
    solutions, demands = Solution.objects.listed().count(), Demand.objects.live().count()
    yield row(f"import of {solutions:,} solutions and {demands:,} demands, CPU s", used() - began)
    Job.objects.all().delete()
    began = used()
    seconds = encoded()
    yield row("their encoding with the encoder of tests, CPU s", used() - began, note=f"{seconds:.0f} s")
    began, product = used(), Reference()()
    clock = time.monotonic()
    worked = work_off()
    cost, wall = used() - began, time.monotonic() - clock
    lists = Ranking.objects.count()
    part = "" if lists == demands else f"of {lists:,} of the {demands:,}, then time was up; "
    note = f"{part}{wall:.0f} s, {worked} jobs, {cost / product:,.0f} reference products; 256 dimensions"
    each = cost / max(lists, 1)
    yield row("full re-match of the public data through the jobs, CPU s", each * demands, note=note)
    yield row("the same, CPU ms a demand", each * 1000)


def encoded() -> float:
    from catalog.models import Solution
    from cities.models import Demand
    from matching.vectors import ensure_vectors, wording_of_demand, wording_of_solution

    clock = time.monotonic()
    ensure_vectors([wording_of_solution(one) for one in Solution.objects.listed()])
    ensure_vectors([wording_of_demand(one) for one in Demand.objects.live()])
    return time.monotonic() - clock


def work_off() -> int:
    """Owe a full run and do what is due, in this process, until nothing is: what waits for later is a net below it."""
    from portal.jobs.models import Job, JobState
    from portal.jobs.tasks import run_job

    call_command("match_everything", stdout=StringIO())
    worked, end = 0, time.monotonic() + PATIENCE
    due = Job.objects.filter(state=JobState.QUEUED, next_at__lte=Now()).order_by("next_at", "pk")
    while time.monotonic() < end and (job := due.values_list("pk", flat=True).first()):
        run_job(job)
        worked += 1
    return worked


def used() -> float:
    """CPU seconds so far of this process and of the database's for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return time.process_time() + cpu_of(cursor.fetchone()[0])
