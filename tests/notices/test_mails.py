"""The mail of every kind, in every language: whose words it speaks, that no hole is left open, where its links lead."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from portal.common.context import language_tag
from portal.jobs.tasks import run_due
from portal.notices.actions import notify, sentence
from portal.notices.choice_actions import choose_mails
from portal.notices.digest_actions import make_due_digests
from portal.notices.kinds import GROUPS, KINDS
from portal.notices.mail import compose
from portal.notices.models import Notice
from tests.factories import UserFactory

LANGUAGES = [code for code, _name in settings.LANGUAGES]
HOLE = re.compile(r"%\((\w+)\)s")
LINK = re.compile(r"https?://[^\s<>\"]+")


def holes(kind: str) -> set[str]:
    with translation.override("en"):
        return set(HOLE.findall(str(KINDS[kind].subject)))


def notice_of(kind: str, language: str) -> Notice:
    params = {name: f"«{name}»" for name in holes(kind)}
    reader = UserFactory(language=language, name="Ana Pérez")
    notify(recipients=[reader], kind=kind, event=f"{kind}:0", params=params, path="/my/")
    return reader.notices.select_related("recipient").get()


def html_of(message: Any) -> str:
    return str(message.alternatives[0][0])


def assert_leads_somewhere(link: str, language: str) -> None:
    assert link.startswith(settings.SITE_URL), link
    path = link.removeprefix(settings.SITE_URL)
    assert path.startswith(f"/{language}/"), link
    with translation.override(language):
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{link} leads nowhere")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_is_whole_in_its_readers_language(kind: str, language: str) -> None:
    message = compose(notice_of(kind, language))
    texts = (message.subject, message.body, html_of(message))
    assert message.extra_headers["Content-Language"] == language_tag(language)
    assert f'<html lang="{language_tag(language)}">' in html_of(message)
    assert [name for name in holes(kind) for text in texts if f"«{name}»" not in text] == []
    assert not any("%(" in text or "{{" in text or "{%" in text for text in texts)
    assert "Ana Pérez" in message.body
    links = LINK.findall(message.body)
    assert links[0] == f"{settings.SITE_URL}/{language}/my/"
    for link in links:
        assert_leads_somewhere(link, language)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_sentence_and_reason_are_translated(kind: str, language: str) -> None:
    with translation.override("en"):
        english = str(KINDS[kind].subject), str(KINDS[kind].why), str(GROUPS[KINDS[kind].group].label)
    with translation.override(language):
        own = str(KINDS[kind].subject), str(KINDS[kind].why), str(GROUPS[KINDS[kind].group].label)
        assert set(HOLE.findall(own[0])) == holes(kind)
    assert [text for text, other in zip(own, english, strict=True) if text == other] == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_mail_says_why_it_comes_and_how_it_ends(kind: str) -> None:
    message = compose(notice_of(kind, "en"))
    assert str(KINDS[kind].why) in message.body
    if KINDS[kind].is_service:
        assert "cannot be switched off" in message.body
        assert "List-Unsubscribe" not in message.extra_headers
    else:
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message.extra_headers["List-Unsubscribe"].strip("<>") in message.body


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_digest_is_whole_in_its_readers_language(clock: Any, language: str) -> None:
    clock("2026-06-10 18:00", "UTC")
    reader = UserFactory(language=language, time_zone="UTC")
    choose_mails(by=reader, cadences={"records": "daily", "messages": "daily"}, quiet=None)
    for kind in ("demand_published", "message_posted"):
        notify(recipients=[reader], kind=kind, event=kind, params={"demand": "«demand»"}, path="/my/")
    clock("2026-06-11 09:00", "UTC")
    make_due_digests(now=timezone.now())
    run_due()
    [message] = mail.outbox
    assert message.extra_headers["Content-Language"] == language_tag(language)
    assert message.body.count("«demand»") == 2
    assert "%(" not in message.body + html_of(message) + message.subject
    for link in LINK.findall(message.body):
        assert_leads_somewhere(link, language)


@pytest.mark.django_db
def test_value_with_line_ends_makes_no_header() -> None:
    reader = UserFactory()
    params = {"demand": "Shade\r\nBcc: all@example.org"}
    notify(recipients=[reader], kind="demand_published", event="e", params=params, path="/my/")
    message = compose(reader.notices.get())
    assert "\n" not in message.subject
    assert "Bcc" not in message.message()


@pytest.mark.django_db
def test_markup_in_a_title_is_text_in_the_mail() -> None:
    reader = UserFactory(name="<b>Ana</b>")
    notify(recipients=[reader], kind="demand_published", event="e", params={"demand": "<img src=x>"}, path="/my/")
    html = html_of(compose(reader.notices.get()))
    assert "<img" not in html
    assert "<b>Ana" not in html


def test_every_kind_belongs_to_a_group() -> None:
    assert {kind.group for kind in KINDS.values()} <= set(GROUPS)


def test_what_waits_in_the_queue_is_counted() -> None:
    """A moderator with two hundred items gets a number, not two hundred lines."""
    own = {"confirmation_given", "confirmation_refused"}  # answers to what one moderator asked of another
    single = {code for code, kind in KINDS.items() if kind.group == "moderation" and kind.count is None}
    assert single <= own


def test_sentence_takes_its_values() -> None:
    assert sentence("demand_published", {"demand": "Shade"}) == "Your demand is published: “Shade”"
