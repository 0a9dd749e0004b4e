"""The OpenAPI schema is valid, complete and shown without anything from elsewhere."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from portal.api import router

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """Valid, and without a warning: an unclear field is a mistake in a serializer. Made anew: what is kept has none."""
    out = StringIO()
    anew = ("--generator-class", "drf_spectacular.generators.SchemaGenerator")
    options = ("--validate", "--fail-on-warn", "--format", "openapi-json", "--api-version", "1", *anew)
    call_command("spectacular", *options, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_every_list_and_record_is_described(schema: dict[str, Any]) -> None:
    lists = {f"/api/v1/{prefix}/" for prefix, _viewset, _name in router.registry}
    records = {path.rsplit("{", 1)[0] for path in schema["paths"] if "{" in path}
    assert {path for path in schema["paths"] if "{" not in path} >= lists
    assert records >= lists
    assert {f"/api/v1/{name}/" for name in ("criteria", "demands", "focus-areas", "solutions", "topics")} <= lists


def test_version_is_3_1_and_filters_are_parameters(schema: dict[str, Any]) -> None:
    names = {row["name"] for row in schema["paths"]["/api/v1/solutions/"]["get"]["parameters"]}
    assert schema["openapi"].startswith("3.1")
    assert {"q", "focus", "topic", "place", "model", "evidence", "language", "reference", "sort", "page"} <= names


def test_served_schema_is_the_one_that_was_checked(client: Any, schema: dict[str, Any]) -> None:
    served = client.get(reverse("api-schema")).json()
    assert served["paths"].keys() == schema["paths"].keys()
    assert client.get(reverse("api-schema-yaml")).status_code == 200


def test_page_for_developers_lists_every_operation(client: Any, schema: dict[str, Any]) -> None:
    page = client.get(reverse("api-docs")).content.decode()
    assert all(path in page for path in schema["paths"])
    assert "cdn" not in page


def test_schema_served_is_the_one_made_anew(schema: dict[str, Any], client: Any) -> None:
    served = json.loads(client.get(reverse("api-schema")).content)
    assert (served["paths"], served["components"]) == (schema["paths"], schema["components"])
