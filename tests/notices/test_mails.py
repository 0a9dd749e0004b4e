"""The mail of every kind, in every language: whose words it speaks, that no hole is left open, where its links lead."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
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
from tests.notices.reading import LINK, READER, faults, html_of, texts
from tests.notices.service_mails import service_mails

LANGUAGES = [code for code, _name in settings.LANGUAGES]
HOLE = re.compile(r"%\((\w+)\)s")


def holes(kind: str) -> set[str]:
    with translation.override("en"):
        return set(HOLE.findall(str(KINDS[kind].subject)))


def notice_of(kind: str, reader: Any) -> Notice:
    params = {name: f"«{name}»" for name in holes(kind)}
    notify(recipients=[reader], kind=kind, event=f"{kind}:0", params=params, path="/my/")
    found: Notice = reader.notices.select_related("recipient").get(kind=kind)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_is_a_whole_mail_in_its_readers_language(language: str) -> None:
    reader, other = UserFactory(language=language, name=READER), UserFactory(language="en", name=READER)
    found = {}
    for kind in sorted(KINDS):
        message, english = compose(notice_of(kind, reader)), compose(notice_of(kind, other))
        wrong = faults(message, english, language)
        wrong += [f"hole {name} is lost" for name in holes(kind) for text in texts(message) if f"«{name}»" not in text]
        wrong += [] if READER in message.body else ["nobody is greeted"]
        wrong += [] if LINK.findall(message.body)[0] == f"{settings.SITE_URL}/{language}/my/" else ["first link"]
        wrong += ending(kind, message, language)
        if wrong:
            found[kind] = wrong
    assert found == {}


def ending(kind: str, message: Any, language: str) -> list[str]:
    """It says why it comes, and how it ends: by one click, or not at all where it is a service."""
    headers, wrong = message.extra_headers, []
    with translation.override(language):
        if str(KINDS[kind].why) not in message.body:
            wrong.append("does not say why it comes")
    if KINDS[kind].is_service:
        return wrong + (["a service mail that can be ended"] if "List-Unsubscribe" in headers else [])
    one_click = headers.get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    if not one_click or headers["List-Unsubscribe"].strip("<>") not in message.body:
        wrong.append("cannot be ended by one click")
    return wrong


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_mail_is_whole_in_its_readers_language(client: Any, language: str) -> None:
    own = service_mails(language)
    english = own if language == "en" else service_mails("en")
    found = {}
    for name, message in own.items():
        wrong = faults(message, english[name], language)
        wrong += ["can be ended"] if "List-Unsubscribe" in message.extra_headers else []
        wrong += [f"{link} does not open" for link in LINK.findall(message.body) if not opens(client, link)]
        if wrong:
            found[name] = wrong
    assert found == {}


def opens(client: Any, link: str) -> bool:
    return bool(client.get(link.removeprefix(settings.SITE_URL), follow=True).status_code == 200)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_sentences_and_reasons_are_translated(language: str) -> None:
    def words(kind: str) -> tuple[str, str, str]:
        return str(KINDS[kind].subject), str(KINDS[kind].why), str(GROUPS[KINDS[kind].group].label)

    with translation.override("en"):
        english = {kind: words(kind) for kind in KINDS}
    with translation.override(language):
        own = {kind: words(kind) for kind in KINDS}
    assert [one for kind in KINDS for one, other in zip(own[kind], english[kind], strict=True) if one == other] == []
    assert [kind for kind in KINDS if set(HOLE.findall(own[kind][0])) != holes(kind)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_digest_is_whole_in_its_readers_language(clock: Any, language: str) -> None:
    clock("2026-06-10 18:00", "UTC")
    reader = UserFactory(language=language, time_zone="UTC", name=READER)
    choose_mails(by=reader, cadences={"records": "daily", "messages": "daily"}, quiet=None)
    for kind in ("demand_published", "message_posted"):
        notify(recipients=[reader], kind=kind, event=kind, params={"demand": "«demand»"}, path="/my/")
    clock("2026-06-11 09:00", "UTC")
    make_due_digests(now=timezone.now())
    run_due()
    [message] = mail.outbox
    assert message.extra_headers["Content-Language"] == language_tag(language)
    assert message.body.count("«demand»") == 2
    assert faults(message, message, language, is_translated=True) == []


@pytest.mark.django_db
def test_long_title_is_cut_in_the_subject_and_whole_in_the_mail() -> None:
    reader, title = UserFactory(), "Renew the lamps " * 12
    notify(recipients=[reader], kind="demand_published", event="e", params={"demand": title}, path="/my/")
    message = compose(reader.notices.get())
    assert (len(message.subject), message.subject[-1]) == (97, "…")
    assert title.strip() in message.body


@pytest.mark.parametrize(("language", "end"), [("ja", "。"), ("zh-hans", "。"), ("ko", "."), ("fr", ".")])
@pytest.mark.django_db
def test_first_sentence_ends_as_its_language_ends_one(language: str, end: str) -> None:
    message = compose(notice_of("demand_published", UserFactory(language=language)))
    first = next(line for line in message.body.splitlines() if "«demand»" in line)
    assert first == message.subject + end


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
