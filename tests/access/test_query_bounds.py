"""No page asks the database more often than is written down, one line a route and reader, in queries.tsv.

Written down is what the page asks whoever comes first to a process, whose caches are empty.

A page that has to ask more says so by a changed line:

    RENEW_QUERIES=1 python3 bootstrap.py test tests/access/test_query_bounds.py -n 0
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.access.asking import Asker, path_of
from tests.access.policy import POLICY, Line
from tests.access.world import AccessWorld

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crawl")]
TABLE = Path(__file__).parent / "queries.tsv"
# Who sees most comes first, and is asked.
RICHEST = (
    "moderator", "city_admin", "provider_admin", "programme", "expert", "neutrality", "other_provider_admin",
    "other_city_admin", "pending_city_admin", "superuser", "back_office", "newcomer", "visitor",
)  # fmt: skip
Key = tuple[str, str, str]  # route, variant, who


def pages(world: AccessWorld) -> Iterator[tuple[Key, str]]:
    for route, variants in POLICY.items():
        for variant, line in variants.items():
            for who in readers(line):
                yield (route, variant, who), path_of(route, line.of(world))


def readers(line: Line) -> list[str]:
    return [who for who in RICHEST if line.read and who in line.read][:1]


def written() -> dict[Key, int]:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    return {(route, variant, who): int(number) for route, variant, who, number in rows}


def asked(asker: Asker, who: str, path: str) -> int:
    """Statements of one request. Counted by a wrapper: what Django logs of them ends at nine thousand."""
    found = 0

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal found
        found += "SAVEPOINT" not in sql
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        asker.ask(who, "GET", path)
    return found


def test_no_page_asks_the_database_more_often_than_written_down(asker: Asker, world: AccessWorld) -> None:
    if os.environ.get("RENEW_QUERIES"):
        return renew(asker, world)
    bounds, more = written(), []
    for key, path in pages(world):
        # The first to ask may find caches of the process empty; whoever comes second does not.
        counts = (asked(asker, key[2], path) for _time in range(2))
        if key in bounds and any(count <= bounds[key] for count in counts):
            continue
        more.append(f"{key}: {asked(asker, key[2], path)} queries, written down {bounds.get(key, 'nothing')}")
    assert more == [], "see the head of this file for how to renew queries.tsv"


def test_every_written_bound_is_of_a_page(world: AccessWorld) -> None:
    known = {key for key, _path in pages(world)}
    assert sorted(set(written()) - known) == []


def renew(asker: Asker, world: AccessWorld) -> None:
    lines = []
    for key, path in pages(world):
        lines.append("\t".join([*key, str(asked(asker, key[2], path))]))
    TABLE.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
