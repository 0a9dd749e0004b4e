"""What one writes first: filter with the ORM, compare in a loop."""

from collections.abc import Sequence

import numpy as np
from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField

from tests.bench.peers import postgres
from tests.bench.peers.dense import best
from tests.bench.worlds import Rows


class NarrowSolution(models.Model):
    """The narrow table of peers/postgres.py. No app owns it, so no migration can."""

    area = models.SmallIntegerField()
    second = models.SmallIntegerField()
    reach = models.IntegerField()
    live = models.BooleanField()
    vector = HalfVectorField(dimensions=896)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = postgres.TABLE

    def __str__(self) -> str:
        return str(self.pk)


class Loop(postgres.Exact):
    """One object a row, one dot product an object."""

    def search(self, demands: Sequence[int]) -> list[Rows]:
        return [self._loop(demand) for demand in demands]

    def _loop(self, demand: int) -> Rows:
        area, country = (int(self.world.demands[name][demand]) for name in ("area", "country"))
        asked = self.world.demand_vectors[demand].astype(np.float32)
        scores, rows = [], []
        for solution in NarrowSolution.objects.filter(Q(area=area) | Q(second=area), live=True).iterator(2000):
            if solution.reach >> country & 1:
                scores.append(float(asked @ np.asarray(solution.vector, np.float32)))
                rows.append(solution.pk)
        return best(np.array(scores), np.array(rows, np.int64))
