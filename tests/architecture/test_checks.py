"""Django's own checks, migrations, and that every template compiles."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.template.loader import get_template

from portal.embedded.home import CHECKOUT

TEMPLATES = sorted(str(path.relative_to(CHECKOUT / "templates")) for path in (CHECKOUT / "templates").rglob("*.*"))


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out, verbosity=1)
    assert "No changes" in out.getvalue()


@pytest.mark.django_db
def test_checks_find_nothing() -> None:
    found = checks.run_checks(include_deployment_checks=False, databases=["default"])
    assert found == []


def test_deployment_checks_find_nothing_behind_https(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with SITE_URL=https://…: what is left is the operator's choice, and named here."""
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # of the browser tests in the same process
    settings.SECRET_KEY = "a-secret-of-many-different-letters-0123456789-abcdefghijklmnop"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31536000
    found = {message.id for message in checks.run_checks(include_deployment_checks=True)}
    # W005 and W021: subdomains and preload lists are the operator's promise. W008: the proxy redirects to https.
    assert found <= {"security.W005", "security.W008", "security.W021"}


@pytest.mark.parametrize("name", [name for name in TEMPLATES if Path(name).suffix in (".html", ".txt", ".svg")])
def test_template_compiles(name: str) -> None:
    get_template(name)


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 50
