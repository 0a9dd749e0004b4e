"""What is written about vector spaces: the first one, the switch to another, directions, and what is forgotten."""

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from matching.models import TextVector
from matching.spaces.models import VectorSpace
from portal.audit.actions import record
from portal.jobs.actions import enqueue

SPACE_LOCK = 0x55524C44


class Kept:
    """The directions of foreign models, in the database: see matching.encoder.foreign.Directions."""

    def read(self, space: str) -> bytes | None:
        """Those kept, if any."""
        kept = VectorSpace.objects.filter(pk=space).values_list("directions", flat=True).first()
        return None if kept is None else bytes(kept)

    def keep(self, space: str, directions: bytes) -> bytes:
        """Keep them unless another process was first; returns those that are kept."""
        _ensure_row(space)
        VectorSpace.objects.filter(pk=space, directions=None).update(directions=directions)
        kept = self.read(space)
        return directions if kept is None else kept


@transaction.atomic
def adopt_space(*, by: Any, space: str) -> bool:
    """Put the first space in force. False where there is one already."""
    if VectorSpace.objects.filter(is_current=True).exists():
        return False
    _one_at_a_time()
    if VectorSpace.objects.filter(is_current=True).exists():
        return False
    _put_in_force(by, space, None)
    return True


@transaction.atomic
def switch_space(*, by: Any, space: str) -> bool:
    """Compare vectors of this space from now on, and owe every list again. False where it is in force already.

    Lists of the old space stay readable until they are made again. None ever mixes the two: the engine refuses to.
    """
    _one_at_a_time()
    old = VectorSpace.objects.filter(is_current=True).first()
    if old is not None and old.pk == space:
        return False
    if old is not None:
        old.is_current = False
        old.save(update_fields=["is_current"])
    _put_in_force(by, space, old)
    enqueue(kind="matching.match_everything", subject="everything")
    return True


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SPACE_LOCK])


def _put_in_force(by: Any, space: str, old: VectorSpace | None) -> None:
    row = _ensure_row(space)
    row.is_current, row.since, row.name = True, timezone.now(), settings.EMBEDDING_BACKEND
    row.save(update_fields=["is_current", "since", "name"])
    before = {"space": old.pk} if old else {}
    record(by=by, action="encoder.switch", subject=row, before=before, after={"space": row.pk})


def _ensure_row(space: str) -> VectorSpace:
    made = VectorSpace(pk=space, name=settings.EMBEDDING_BACKEND)
    VectorSpace.objects.bulk_create([made], ignore_conflicts=True)
    return VectorSpace.objects.get(pk=space)


@transaction.atomic
def forget_spaces(*, by: Any, keep: str) -> int:
    """Delete the vectors of all spaces but one. Returns how many."""
    gone, _by_model = TextVector.objects.exclude(backend=keep).delete()
    VectorSpace.objects.exclude(pk=keep).filter(is_current=False).delete()
    if gone:
        record(by=by, action="encoder.forget", subject=f"vectorspace:{keep}", after={"vectors": gone})
    return gone
