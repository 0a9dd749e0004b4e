"""Mails that answer a message: who may, what is taken, and that each counts once."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from matching.actions import post_message
from matching.introductions.addresses import reply_address, whose
from matching.introductions.incoming import reply_of
from matching.introductions.mail_actions import receive_mail
from matching.introductions.models import InboundMail
from matching.models import Introduction, Message
from portal.accounts.models import User
from portal.jobs.tasks import run_due
from tests.introductions.conftest import Invited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _takes_mail(settings: Any) -> None:
    settings.INBOUND_DOMAIN = "in.urbanlink.example"
    settings.DEFAULT_FROM_EMAIL = "UrbanLink <noreply@urbanlink.example>"


def reply(user: User, introduction: Introduction, body: str = "Thank you, Tuesday suits us.", **headers: str) -> bytes:
    letter = EmailMessage()
    letter["From"] = headers.pop("From", f"Somebody <{user.email}>")
    letter["To"] = headers.pop("To", reply_address(introduction.pk, user.pk))
    letter["Subject"] = "Re: New message"
    letter["Message-ID"] = headers.pop("Message_ID", "<one@example.org>")
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(body)
    return letter.as_bytes()


def test_a_message_is_mailed_with_its_words_and_an_address_to_answer(
    introduction: Introduction, invited: Invited
) -> None:
    mail.outbox.clear()
    post_message(by=invited.provider_editor, introduction=introduction, body="¿Cuándo empezamos?", language="es")
    run_due()
    sent = {one.to[0]: one for one in mail.outbox}
    letter = sent[invited.city_approver.email]
    assert "¿Cuándo empezamos?" in letter.body
    assert letter.reply_to == [reply_address(introduction.pk, invited.city_approver.pk)]
    assert '<blockquote lang="es">' in str(letter.alternatives[0][0])
    assert invited.provider_editor.email not in sent


def test_an_answer_by_mail_becomes_a_message(introduction: Introduction, invited: Invited) -> None:
    row = receive_mail(raw=reply(invited.city_editor, introduction))
    assert row.outcome == "posted"
    assert row.posted is not None
    assert (row.posted.body, row.posted.author) == ("Thank you, Tuesday suits us.", invited.city_editor)


def test_the_same_mail_counts_once(introduction: Introduction, invited: Invited) -> None:
    raw = reply(invited.city_editor, introduction)
    assert receive_mail(raw=raw).pk == receive_mail(raw=raw).pk
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@example.org"},
        {"List_Id": "<list.example.org>"},
    ],
)
def test_automatic_answers_are_ignored(introduction: Introduction, invited: Invited, headers: dict[str, str]) -> None:
    mail.outbox.clear()
    assert receive_mail(raw=reply(invited.city_editor, introduction, **headers)).outcome == "automatic"
    run_due()
    assert (Message.objects.count(), mail.outbox) == (0, [])


def test_a_stranger_is_answered_politely_and_learns_nothing(introduction: Introduction, invited: Invited) -> None:
    mail.outbox.clear()
    raw = reply(invited.city_editor, introduction, From="stranger@example.net")
    assert receive_mail(raw=raw).outcome == "stranger"
    run_due()
    (letter,) = mail.outbox
    assert letter.to == ["stranger@example.net"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-replied"
    assert introduction.match.public_id not in letter.body
    assert Message.objects.count() == 0


def test_a_stranger_is_answered_once_a_day(introduction: Introduction, invited: Invited) -> None:
    mail.outbox.clear()
    for number in range(3):
        raw = reply(
            invited.city_editor, introduction, From="stranger@example.net", Message_ID=f"<{number}@example.net>"
        )
        receive_mail(raw=raw)
    run_due()
    assert len(mail.outbox) == 1


def test_a_member_who_left_is_a_stranger(introduction: Introduction, invited: Invited) -> None:
    invited.city_editor.membership_set.all().delete()
    assert receive_mail(raw=reply(invited.city_editor, introduction)).outcome == "stranger"


def test_a_mail_that_is_too_large_is_answered(introduction: Introduction, invited: Invited, settings: Any) -> None:
    settings.INBOUND_MOST_BYTES = 2000
    row = receive_mail(raw=reply(invited.city_editor, introduction, "long " * 2000))
    assert row.outcome == "too_large"


def test_a_mail_of_quoted_text_alone_is_answered(introduction: Introduction, invited: Invited) -> None:
    assert receive_mail(raw=reply(invited.city_editor, introduction, "> only\n> this\n")).outcome == "empty"


@pytest.mark.parametrize("change", ["x", "another digit", ""])
def test_an_address_that_was_changed_is_nobodys(introduction: Introduction, invited: Invited, change: str) -> None:
    local, domain = reply_address(introduction.pk, invited.city_editor.pk).split("@")
    end = ("1" if local.endswith("0") else "0") if change == "another digit" else change
    assert whose(f"{local[:-1]}{end}@{domain}") is None
    assert whose(f"{local}@elsewhere.example") is None
    assert whose(f"{local.upper()}@{domain.upper()}") == (introduction.pk, invited.city_editor.pk)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff" * 200, b"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n", b"To: " + b"(" * 3000],
)
def test_what_is_no_mail_does_no_harm(raw: bytes) -> None:
    assert receive_mail(raw=raw).outcome in ("automatic", "unknown")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yes.\n\nOn Mon, 2 Mar 2026 at 10:00, UrbanLink <x@y.z> wrote:\n> Old\n> text", "Yes."),
        ("Oui.\n\nLe lun. 2 mars 2026 à 10:00, UrbanLink <x@y.z> a écrit :\n> Vieux", "Oui."),
        ("Sí.\n\nEl lun, 2 mar 2026 a las 10:00, UrbanLink (<x@y.z>) escribió:\n\n> Viejo", "Sí."),
        ("네.\n\n2026년 3월 2일 (월) 오전 10:00, UrbanLink <x@y.z>님이 작성:\n> 옛글", "네."),
        ("はい。\n\n2026年3月2日(月) 10:00 UrbanLink <x@y.z>:\n> 前の文", "はい。"),
        ("好的。\n\n-----原始邮件-----\n发件人: a\n旧", "好的。"),
        ("Sim.\n\nDe: UrbanLink\nEnviado: segunda-feira\nPara: Ana\nAssunto: x\n\nvelho", "Sim."),
        ("Hello\n-- \nAna\nCity", "Hello"),
        ("First\n> why?\nBecause.\n> when?\nTomorrow.", "First\nBecause.\nTomorrow."),
        ("We wrote: nothing is lost.\nReally.", "We wrote: nothing is lost.\nReally."),
        ("Bid\u202eevil\x07", "Bidevil"),
    ],
)
def test_quoted_text_is_taken_off_in_every_language(text: str, words: str) -> None:
    assert reply_of(text) == words


def test_an_html_mail_gives_its_words() -> None:
    raw = (
        b"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n<style>p{}</style><p>Yes &amp; no</p>"
        b"<blockquote><p>old</p></blockquote>"
    )
    from matching.introductions.incoming import read_mail

    assert read_mail(raw).text == "Yes & no"


def test_the_command_takes_files(introduction: Introduction, invited: Invited, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(reply(invited.provider_admin, introduction))
    call_command("receive_mail", path)
    assert "posted" in capsys.readouterr().out


def test_the_command_says_what_is_missing(settings: Any) -> None:
    settings.INBOUND_DOMAIN = ""
    with pytest.raises(CommandError, match="INBOUND_DOMAIN"):
        call_command("receive_mail")


def test_without_a_domain_no_address_is_given_out(settings: Any) -> None:
    settings.INBOUND_DOMAIN = ""
    assert reply_address(1, 1) == ""


def test_what_comes_in_is_remembered_without_its_sender(introduction: Introduction, invited: Invited) -> None:
    row = receive_mail(raw=reply(invited.city_editor, introduction))
    values = InboundMail.objects.filter(pk=row.pk).values().get()
    assert invited.city_editor.email not in str(values)
