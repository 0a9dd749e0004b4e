"""The vector spaces that texts were ever encoded in, and which of them is compared now."""

from django.db import models
from django.db.models import Q


class VectorSpace(models.Model):
    """``id`` is an encoder's; ``directions`` what is taken out of a foreign model's vectors, the same on every host."""

    id = models.CharField(primary_key=True, max_length=80)
    name = models.CharField(max_length=500, help_text="The setting that asked for it.")
    directions = models.BinaryField(null=True)
    is_current = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, blank=True, help_text="When it was put in force last.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="vector_space_one"),
            models.CheckConstraint(
                name="vector_space_since_when", condition=Q(is_current=False) | Q(since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.id
