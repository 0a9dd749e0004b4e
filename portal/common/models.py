"""Abstract bases only: this package has no tables of its own."""

import secrets

from django.db import models

# Crockford's alphabet without vowels-that-read-as-digits: a reference can be read out on the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def public_id(prefix: str) -> str:
    """A short, unguessable reference such as ``D7K3M9Q2X``: a kind letter and eight characters (40 random bits)."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(8))


class TimeStamped(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Sourced(models.Model):
    """Where an imported record comes from; empty for what people write here."""

    source = models.CharField(max_length=60, blank=True, default="")
    source_id = models.CharField(max_length=200, blank=True, default="")
    source_url = models.URLField(max_length=500, blank=True, default="")
    source_licence = models.CharField(max_length=120, blank=True, default="")
    source_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    is_demo = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def is_imported(self) -> bool:
        return bool(self.source)
