"""What the first requests of a web process would have waited for, built before it takes any.

Addresses, forms, templates, catalogues of seven languages, concepts and the API's description take some seconds to
read and stay in the process.
"""

import gc
import logging
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from wsgiref.util import setup_testing_defaults

logger = logging.getLogger(__name__)

# Seconds. A process that has to take over at once is worth more than one that is quick from the start.
PATIENCE = 5.0


def warm(application: Any) -> None:
    """Never fails: what cannot be built yet is built when it is asked for."""
    end = time.monotonic() + PATIENCE
    try:
        for build in _parts(application):
            if time.monotonic() < end:
                build()
    except Exception:  # the portal has to start whatever is wrong: the health checks will say it
        logger.warning("first requests will be slow: not everything could be built", exc_info=True)
    settle()


def settle() -> None:
    """What stands now stays for the life of the process: the collector need not walk through it amid a page.

    What a request leaves behind is young and soon found; a walk through all that later requests keep takes a tenth of
    a second, and is for every thousandth of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 50)


def _parts(application: Any) -> Iterator[Callable[[], object]]:
    """First what comes from files: the database may be away when a process starts."""
    from django.db import connection

    from cities.models import Demand
    from cities.wording import known_names
    from matching.coach.offered import offered
    from portal.common.languages import CODES
    from portal.searches.bridge import concepts
    from portal.searches.wording import segments

    yield concepts
    connection.ensure_connection()
    yield from (partial(segments, ["bus"], code) for code in CODES)  # topics in every language
    pages = ["/en/", "/en/demands/", "/en/solutions/", "/en/gap/", "/api/v1/schema.yaml"]
    pages += [one.get_absolute_url() for one in Demand.objects.public().order_by("-published_at")[:1]]
    pages += [f"/{code}/demands/" for code in CODES]
    yield from (partial(_ask, application, page) for page in pages)
    yield from (known_names, offered, connection.close)


def _ask(application: Any, path: str) -> str:
    """As a visitor behind the proxy would; the status."""
    from django.conf import settings

    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name.strip("*.")), "localhost")
    environ = {"PATH_INFO": path, "HTTP_HOST": host, "HTTP_X_FORWARDED_PROTO": "https", "REMOTE_ADDR": "127.0.0.1"}
    setup_testing_defaults(environ)
    said: list[str] = []
    response = application(environ, lambda status, _headers: said.append(status))
    for _ in response:
        pass
    response.close()
    return said[0]
