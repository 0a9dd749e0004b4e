"""Texts that read alike: from where on, and only for so long."""

import pytest
from django.db import connection

from portal.common.likeness import alike_from


def are_alike(one: str, other: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s %% %s", [one, other])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_least_likeness_holds_inside_and_nowhere_else() -> None:
    titles = ("Renew the street lights", "Renew the street trees")
    with alike_from(0.5):
        assert are_alike(*titles)
    with alike_from(0.9):
        assert not are_alike(*titles)
    assert are_alike(*titles)


@pytest.mark.django_db(transaction=True)
def test_least_likeness_is_set_before_a_session_first_compares() -> None:
    connection.close()
    with alike_from(0.9):
        assert not are_alike("street lights", "street trees")
