"""pgvector on a narrow table: half-precision vectors in the row itself, clustered by area, the filter beside them."""

from collections.abc import Sequence

import numpy as np
import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from pgvector import HalfVector

from tests.bench.codebook import reach
from tests.bench.peers import KEEP
from tests.bench.worlds import Rows, World

TABLE = "bench_narrow"
COLUMNS = ("id", "area", "second", "reach", "live", "vector")
QUESTION = f"""
SELECT id FROM {TABLE} WHERE (area = %s OR second = %s) AND reach & %s <> 0 AND live
ORDER BY vector <#> %s::halfvec, id LIMIT {KEEP}
"""
# The index gives no second key to order by.
NEAREST = QUESTION.replace(", id LIMIT", " LIMIT")


def fill(world: World) -> None:
    """The table with its vectors in half precision, rows in the order of areas, indexed for the filter."""
    order = np.argsort(world.solutions["area"], kind="stable")
    bits = (reach().astype(np.int64) << np.arange(reach().shape[1])).sum(axis=1)[world.solutions["regions"]]
    columns = [world.solutions[name].tolist() for name in ("area", "second")] + [bits.tolist()]
    columns.append(world.solutions["live"].tolist())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(
            f"CREATE TABLE {TABLE} (id int PRIMARY KEY, area smallint, second smallint, reach int, live boolean,"
            f" vector halfvec({world.solution_vectors.shape[1]}))"
        )
        cursor.execute(f"ALTER TABLE {TABLE} ALTER vector SET STORAGE PLAIN")
        with cursor.copy(f"COPY {TABLE} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "int2", "int2", "int4", "bool", "halfvec"])
            for row in order.tolist():
                copy.write_row([row, *(column[row] for column in columns), HalfVector(world.solution_vectors[row])])
        for column in ("area", "second"):
            cursor.execute(f"CREATE INDEX ON {TABLE} ({column})")
        cursor.execute(f"VACUUM (FREEZE, ANALYZE) {TABLE}")


class Exact:
    """ORDER BY the distance, without an index on it."""

    question = QUESTION

    def __init__(self, world: World) -> None:
        self.world = world
        _know_vectors()
        fill(world)
        with connection.cursor() as cursor:
            self.prepare(cursor)
            cursor.execute("SELECT pg_backend_pid()")
            self.servers = [cursor.fetchone()[0]]

    def prepare(self, cursor: CursorWrapper) -> None:
        """Nothing to build."""

    def search(self, demands: Sequence[int]) -> list[Rows]:
        # The driver's own cursor: bound by the server, prepared, binary; Django's makes text of everything.
        with psycopg.Cursor(connection.connection) as cursor:
            return [self._one(cursor, demand) for demand in demands]

    def _one(self, cursor: psycopg.Cursor, demand: int) -> Rows:
        area, country = (int(self.world.demands[name][demand]) for name in ("area", "country"))
        asked = HalfVector(self.world.demand_vectors[demand])
        cursor.execute(self.question, [area, area, 1 << country, asked], prepare=True, binary=True)
        return np.array([row[0] for row in cursor.fetchall()], np.int64)

    def close(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


class Hnsw(Exact):
    """An index on the distance, which the filter thins out; iterative scans go on until twenty rows are found."""

    question = NEAREST

    def prepare(self, cursor: CursorWrapper) -> None:
        execute = cursor.execute
        execute("SET maintenance_work_mem = '512MB'")
        execute(f"CREATE INDEX ON {TABLE} USING hnsw (vector halfvec_ip_ops)")
        execute("SET hnsw.iterative_scan = strict_order")
        execute("SET enable_bitmapscan = off")
        execute("SET enable_seqscan = off")
        execute("SET enable_sort = off")

    def close(self) -> None:
        super().close()
        connection.close()


def _know_vectors() -> None:
    from pgvector.psycopg import register_vector

    connection.ensure_connection()
    register_vector(connection.connection)
