"""``pk__among=queryset``: like ``pk__in``, but the subquery is asked first, and its keys looked up.

The planner takes a subquery of ``pk__in`` for one more table to join. With eight and more of them it keeps to the order
in which they are written, and reads every row of all before it comes to the few keys.
"""

from typing import Any

from django.db.models import Field, Lookup


class Among(Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = self.process_lhs(compiler, connection)
        keys, more = compiler.compile(self.rhs)
        return f"{sql} = ANY(ARRAY{keys})", [*params, *more]


Field.register_lookup(Among)
