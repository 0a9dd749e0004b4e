"""Choosing what comes by mail, ending it by a link, and the demo's letter-box."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

from portal.notices.models import MailChoice, QuietHours
from portal.notices.unsubscribing import token_for
from tests.conftest import World

pytestmark = pytest.mark.django_db
CHOICES = {
    f"group_{group}": "now"
    for group in ("records", "matches", "messages", "organisation", "programmes", "searches", "advice", "moderation")
}
PAGE = "/en/my/notices/settings/"


def choice(user: Any, group: str) -> str | None:
    return MailChoice.objects.filter(user=user, group=group).values_list("cadence", flat=True).first()


def test_account_page_leads_to_the_choice(world: World, client_of: Any) -> None:
    assert PAGE in client_of(world.city_editor).get("/en/account/").content.decode()


def test_choice_is_saved(world: World, client_of: Any) -> None:
    data = {**CHOICES, "group_records": "weekly", "quiet_from": "21:30", "quiet_until": "06:00"}
    assert client_of(world.moderator).post(PAGE, data).status_code == 302
    assert choice(world.moderator, "records") == "weekly"
    hours = QuietHours.objects.get(user=world.moderator)
    assert (hours.starts, hours.ends) == (time(21, 30), time(6))


def test_emptied_quiet_hours_are_gone(world: World, client_of: Any) -> None:
    QuietHours.objects.create(user=world.city_editor, starts="22:00", ends="07:00")
    client_of(world.city_editor).post(PAGE, CHOICES)
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize(("start", "end"), [("22:00", ""), ("", "07:00"), ("22:00", "22:00"), ("25:00", "07:00")])
def test_half_quiet_hours_are_refused_and_stay_typed(world: World, client_of: Any, start: str, end: str) -> None:
    answer = client_of(world.city_editor).post(PAGE, {**CHOICES, "quiet_from": start, "quiet_until": end})
    assert answer.status_code == 422
    assert f'value="{start or end}"' in answer.content.decode()
    assert not QuietHours.objects.exists()


def test_groups_of_staff_are_offered_to_staff_only(world: World, client_of: Any) -> None:
    assert "group_moderation" not in client_of(world.city_editor).get(PAGE).content.decode()
    assert "group_moderation" in client_of(world.moderator).get(PAGE).content.decode()


def test_service_groups_are_named_and_not_offered(world: World, client_of: Any) -> None:
    page = client_of(world.city_editor).get(PAGE).content.decode()
    assert "group_account" not in page
    assert "Security, sign-in and your roles" in page


def test_reading_the_link_of_a_mail_ends_nothing(world: World, client: Client) -> None:
    assert client.get(f"/en/mails/end/{token_for(world.city_editor, 'records')}/").status_code == 200
    assert choice(world.city_editor, "records") is None


def test_one_click_of_a_mail_provider_ends_the_group(world: World) -> None:
    """As RFC 8058 has it: no session, no form token, a body of one pair."""
    address = f"/en/mails/end/{token_for(world.city_editor, 'records')}/"
    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert choice(world.city_editor, "records") == "off"


def test_ending_is_undone_from_the_same_page(world: World, client: Client) -> None:
    token = token_for(world.city_editor, "records")
    client.post(f"/en/mails/end/{token}/")
    client.post(f"/en/mails/again/{token}/")
    assert choice(world.city_editor, "records") == "now"


@pytest.mark.parametrize("group", ["account", "nonsense"])
def test_link_for_what_cannot_be_ended_leads_nowhere(world: World, client: Client, group: str) -> None:
    assert client.post(f"/en/mails/end/{token_for(world.city_editor, group)}/").status_code == 404


def test_changed_token_leads_nowhere(world: World, client: Client) -> None:
    token = token_for(world.city_editor, "records")
    assert client.get(f"/en/mails/end/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/").status_code == 404


@pytest.fixture
def letter_box(settings: Any, tmp_path: Path) -> str:
    """A demo whose mails are written to files, with one in it; its address."""
    settings.CATCHES_MAILS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mails"
    mail = EmailMultiAlternatives("수요가 공개되었습니다", "See https://example.org/x", to=["ana@example.org"])
    mail.attach_alternative("<html><head></head><body><script>alert(1)</script><b>Hello</b></body></html>", "text/html")
    get_connection().send_messages([mail])
    name = next((tmp_path / "mails").iterdir()).name
    return f"/en/demo/mails/{name}/0/"


def test_letter_box_lists_what_was_sent(letter_box: str, client: Client) -> None:
    page = client.get("/en/demo/mails/").content.decode()
    assert "수요가 공개되었습니다" in page
    assert letter_box in page


def test_links_of_a_caught_mail_work(letter_box: str, client: Client) -> None:
    assert 'href="https://example.org/x"' in client.get(letter_box).content.decode()


def test_html_of_a_caught_mail_is_shut_in(letter_box: str, client: Client) -> None:
    answer = client.get(f"{letter_box}html/")
    policy = answer["Content-Security-Policy"]
    assert "<b>Hello</b>" in answer.content.decode()
    assert "sandbox allow-popups" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["../../etc/passwd", "20260101-000000-1.log", "x.log"])
def test_letter_box_opens_its_own_mails_only(letter_box: str, client: Client, name: str) -> None:
    assert client.get(f"/en/demo/mails/{name}/0/").status_code == 404


@pytest.mark.parametrize("backend", ["smtp", "console", "locmem"])
def test_letter_box_is_shut_where_mails_are_sent(letter_box: str, client: Client, settings: Any, backend: str) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert [client.get(path).status_code for path in ("/en/demo/mails/", letter_box, f"{letter_box}html/")] == [404] * 3


def test_letter_box_is_shut_outside_of_a_demo(letter_box: str, client: Client, settings: Any) -> None:
    settings.CATCHES_MAILS = False
    assert [client.get(path).status_code for path in ("/en/demo/mails/", letter_box, f"{letter_box}html/")] == [404] * 3


def test_footer_leads_to_the_letter_box_only_in_a_demo(client: Client) -> None:
    assert "/demo/mails/" not in client.get("/en/").content.decode()
