"""``pk__any_of``: like ``pk__in``, but as one array of keys, which are looked up.

Of a list, ``__in`` would send every key as a parameter of its own. A subquery of ``__in`` is one more table to join for
the planner; with eight and more of them it keeps to the order in which they are written, and reads every row of all
before it comes to the few keys. As an array it is asked first.
"""

from typing import Any

from django.db.models import Field, Lookup, QuerySet


class AnyOf(Lookup):
    """Of some keys, or of a queryset that gives them. Many are best given as a set: Django looks at each of a list."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        if hasattr(self.rhs, "as_sql"):
            keys, more = compiler.compile(self.rhs)
            return f"{sql} = ANY(ARRAY{keys})", [*params, *more]
        keys: Any = list(self.rhs)
        if not (keys and isinstance(keys[0], str)):
            # As one text: psycopg looks at each of a thousand numbers of a list before it writes them down.
            keys = f"{{{','.join(map(str, keys))}}}"
        return f"{sql} = ANY(%s::{self.lhs.output_field.db_type(connection)}[])", [*params, keys]


Field.register_lookup(AnyOf)


def if_any(records: QuerySet) -> list[Any]:
    """``records``, which mostly are none: then only their keys are asked for.

    With all that belongs to them, putting the query together takes longer than running it.
    """
    keys = list(records.values_list("pk", flat=True))
    if not keys:
        return []
    whole = records.all()
    whole.query.clear_limits()
    return list(whole.filter(pk__any_of=keys))
