"""The tables that hold people's records, and what in them points where. No table is named but those treated apart."""

from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

Table = type[models.Model]

# The trail outlives everything, jobs and sessions look after themselves, and the rest is the machinery of Django.
APART = frozenset({"audit", "sessions", "contenttypes", "auth", "guidance"})
APART_TABLES = frozenset({"jobs.Job"})
# Reference data: the same in every portal, and nobody's.
VOCABULARY = frozenset({"catalog.FocusArea", "catalog.Topic", "catalog.Criterion", "cities.City"})


class Link(NamedTuple):
    """A foreign key. ``is_part``: the row has no life without the other; ``is_loose``: it needs it not at all."""

    column: str
    target: Table
    is_part: bool
    is_loose: bool
    is_own: bool


@cache
def tables() -> tuple[Table, ...]:
    """All that somebody's records may be in, made by Django for many-to-many fields or by us."""
    found = apps.get_models(include_auto_created=True)
    return tuple(
        model
        for model in found
        if not model._meta.proxy and model._meta.app_label not in APART and model._meta.label not in APART_TABLES
    )


@cache
def links(table: Table) -> tuple[Link, ...]:
    known = set(tables())
    fields = [field for field in table._meta.concrete_fields if field.is_relation and field.related_model in known]
    return tuple(
        Link(
            field.attname,
            field.related_model,
            field.remote_field.on_delete is models.CASCADE,
            field.remote_field.on_delete is models.SET_NULL,
            isinstance(field, models.OneToOneField),
        )
        for field in fields
        if field.related_model._meta.label not in VOCABULARY
    )


@cache
def is_part(table: Table) -> bool:
    """Whether its rows are parts of others: requirements, addresses, seats."""
    own = links(table)
    return any(link.is_part for link in own) and all(link.is_part or link.is_loose for link in own)


def has(table: Table, column: str) -> bool:
    return any(field.attname == column for field in table._meta.concrete_fields)


def with_number(table: Table) -> bool:
    """Whether its rows are numbered in the order in which they come."""
    return isinstance(table._meta.pk, models.AutoField | models.BigAutoField)


def files_of(table: Table) -> list[Any]:
    return [field for field in table._meta.concrete_fields if isinstance(field, models.FileField)]
