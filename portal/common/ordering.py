"""Names in alphabetical order, from the database: case and accents do not count, as people look names up.

PostgreSQL sorts by code points here (the embedded one has no ICU): É would stand behind Z. Hangul and kana are in their
order by code points already; names in Chinese characters stand in that of Unicode. What is short enough to be sorted
in Python has the order of its language: portal.common.languages.sort_key.
"""

from typing import Any

from django.db.models import F, Func, TextField


class Folded(Func):
    """A text without case and accents. ``normalize`` parts a letter from its accent, which is then left out."""

    template = r"regexp_replace(normalize(lower(%(expressions)s), NFD), '[\u0300-\u036f]', '', 'g')"
    output_field = TextField()


def by_name(field: str = "name") -> tuple[Any, ...]:
    """For ``order_by``: the name, and what tells equal ones apart."""
    return Folded(F(field)), field, "pk"
