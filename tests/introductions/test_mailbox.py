"""The mailbox that is polled, against a server that speaks IMAP: nothing lost, nothing twice, nobody in the way."""

import logging
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.db import OperationalError

from matching.introductions import mailbox
from matching.introductions.mailbox import MailboxError, take_new_mails
from matching.introductions.models import InboundMail
from matching.introductions.tasks import poll_mailbox
from matching.models import Introduction, Message
from tests.introductions.conftest import Invited
from tests.introductions.imap_server import ImapServer, Mailbox
from tests.introductions.test_inbound_mail import reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Any) -> Iterator[Mailbox]:
    found = Mailbox()
    with ImapServer(found):
        settings.INBOUND_DOMAIN = "in.urbanlink.example"
        settings.INBOUND_IMAP_URL = found.url()
        yield found


def mail(invited: Invited, introduction: Introduction, number: int, body: str = "") -> bytes:
    return reply(invited.city_editor, introduction, body or f"Answer {number}.", Message_ID=f"<{number}@example.org>")


def bodies() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("body", flat=True))


def test_a_mail_is_taken_once_although_polled_twice(box: Mailbox, introduction: Introduction, invited: Invited) -> None:
    uid = box.put(mail(invited, introduction, 1))
    assert [take_new_mails(), take_new_mails()] == [1, 0]
    assert (bodies(), box.flags[uid]) == (["Answer 1."], {"\\Seen"})


def test_fetching_does_not_mark_before_the_mail_is_kept(
    box: Mailbox, introduction: Introduction, invited: Invited, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = box.put(mail(invited, introduction, 1))

    def away(**_given: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(mailbox, "receive_mail", away)
    with pytest.raises(OperationalError):
        take_new_mails()
    assert box.flags[uid] == set()


@pytest.mark.parametrize("where", ["SEARCH", "FETCH 114", "STORE 107", "STORE 114", "LOGOUT"])
def test_a_connection_that_breaks_loses_nothing_and_does_nothing_twice(
    box: Mailbox, introduction: Introduction, invited: Invited, where: str
) -> None:
    for number in (1, 2, 3):
        box.put(mail(invited, introduction, number))
    box.breaks_at = where
    for _poll in range(2):
        poll_mailbox()
    assert bodies() == ["Answer 1.", "Answer 2.", "Answer 3."]
    assert set(map(frozenset, box.flags.values())) == {frozenset({"\\Seen"})}


def test_a_wrong_password_is_told_without_it_and_tried_again(
    box: Mailbox, introduction: Introduction, invited: Invited, settings: Any, caplog: Any
) -> None:
    box.put(mail(invited, introduction, 1))
    settings.INBOUND_IMAP_URL = box.url(password="mistyped")
    with caplog.at_level(logging.WARNING):
        poll_mailbox()
    assert "Invalid credentials" in caplog.text
    assert "mistyped" not in caplog.text
    settings.INBOUND_IMAP_URL = box.url()
    poll_mailbox()
    assert bodies() == ["Answer 1."]


def test_the_command_says_that_nothing_is_lost(settings: Any) -> None:
    settings.INBOUND_DOMAIN = "in.urbanlink.example"
    settings.INBOUND_IMAP_URL = "imap://link:secret@127.0.0.1:1/INBOX"
    with pytest.raises(CommandError, match="nothing is lost"):
        call_command("poll_mailbox")


def test_a_hostile_mail_is_flagged_and_the_others_arrive(
    box: Mailbox, introduction: Introduction, invited: Invited, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    hostile, honest = box.put(b"Subject: x\r\n\r\nboom"), box.put(mail(invited, introduction, 1))
    kept = mailbox.receive_mail

    def stumbles(*, raw: bytes) -> InboundMail:
        if b"boom" in raw:
            raise ValueError("nobody foresaw this")
        return kept(raw=raw)

    monkeypatch.setattr(mailbox, "receive_mail", stumbles)
    with caplog.at_level(logging.CRITICAL, logger="matching.introductions.mailbox"):
        assert take_new_mails() == 1
    assert bodies() == ["Answer 1."]
    assert (box.flags[hostile], box.flags[honest]) == ({"\\Seen", "\\Flagged"}, {"\\Seen"})
    assert take_new_mails() == 0


def test_of_an_oversize_mail_no_more_than_the_limit_is_read(
    box: Mailbox, introduction: Introduction, invited: Invited, settings: Any
) -> None:
    settings.INBOUND_MOST_BYTES = 10_000
    box.put(mail(invited, introduction, 1, "long " * 20_000))
    box.put(mail(invited, introduction, 2))
    assert take_new_mails() == 2
    assert sorted(InboundMail.objects.values_list("outcome", flat=True)) == ["posted", "too_large"]
    assert all("<0.10001>" in command for command in box.commands if "FETCH" in command)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, signed by itself: a file with key and certificate."""
    import ipaddress

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path / "mail.pem"
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem))
    return path


@pytest.mark.parametrize("is_trusted", [True, False])
def test_over_tls_only_a_server_with_a_trusted_certificate_gets_the_password(
    introduction: Introduction, invited: Invited, settings: Any, certificate: Path, is_trusted: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    found, context = Mailbox(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    found.put(mail(invited, introduction, 1))
    with ImapServer(found, context):
        settings.INBOUND_DOMAIN, settings.INBOUND_IMAP_URL = "in.urbanlink.example", found.url(scheme="imaps")
        if is_trusted:
            assert take_new_mails() == 1
        else:
            with pytest.raises(MailboxError, match="CERTIFICATE_VERIFY_FAILED"):
                take_new_mails()
    assert any("LOGIN" in command for command in found.commands) == is_trusted
