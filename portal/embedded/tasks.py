"""Sample data into a portal that runs: the same road as at the first start."""

import logging
from datetime import timedelta

from portal.guidance.sample_actions import LOAD, is_empty
from portal.jobs.models import Job
from portal.jobs.registry import handles

logger = logging.getLogger(__name__)


@handles(LOAD, queue="default", lease=timedelta(minutes=10))
def load_sample(job: Job) -> None:
    from portal.embedded.demo.load import load_demo  # every process reads this file, hardly any loads the demo

    if is_empty():
        load_demo(logger.info)
    else:
        logger.info("%s: there are records by now, nothing done", job)
