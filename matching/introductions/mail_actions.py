"""Mails that answer a message become messages, once each."""

import hashlib
import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from matching.actions import post_message
from matching.introductions.enums import Received
from matching.introductions.incoming import Incoming, read_mail
from matching.introductions.models import InboundMail
from matching.models import Introduction, Message
from matching.rules import can_write_in
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.languages import guess_language
from portal.jobs.actions import enqueue

logger = logging.getLogger(__name__)

MOST_CHARS = 6000
# A stranger is told once a day, so that two machines that answer each other fall silent.
TELL_AGAIN = timedelta(days=1)


@transaction.atomic
def receive_mail(*, raw: bytes, recipient: str = "") -> InboundMail:
    """Take one mail in. The same mail handed over twice is one: its first outcome is returned.

    Automatic answers are ignored. Who may not write here, and what cannot be posted, is answered politely, once a day.
    """
    is_large = len(raw) > settings.INBOUND_MOST_BYTES
    mail = read_mail(raw[: settings.INBOUND_MOST_BYTES], recipient=recipient)
    row, is_new = InboundMail.objects.get_or_create(
        message_id=mail.message_id,
        defaults={"outcome": Received.UNKNOWN, "at": timezone.now(), "sender_digest": _digest(mail.sender)},
    )
    if not is_new:
        return InboundMail.objects.select_for_update(no_key=True).get(pk=row.pk)
    introduction, user = _meant(mail)
    row.introduction, row.outcome = introduction, _judge(mail, introduction, user, is_large=is_large)
    if row.outcome == Received.POSTED and introduction is not None and user is not None:
        row.posted = _post(mail, introduction, user)
    row.save(update_fields=["introduction", "outcome", "posted"])
    record(by="system", action="mail.receive", subject=row, after={"outcome": row.outcome})
    if introduction is not None and row.outcome in (Received.STRANGER, Received.TOO_LARGE, Received.EMPTY):
        _answer(row, mail, introduction, user)
    return row


def _digest(sender: str) -> str:
    return hashlib.sha256(sender.encode()).hexdigest()


def _meant(mail: Incoming) -> tuple[Introduction | None, User | None]:
    introduction = Introduction.objects.with_records().filter(pk=mail.introduction_id).first()
    return introduction, User.objects.filter(pk=mail.user_id, is_active=True).first()


def _judge(mail: Incoming, introduction: Introduction | None, user: User | None, *, is_large: bool) -> Received:
    if mail.is_automatic:
        return Received.AUTOMATIC
    if introduction is None:
        return Received.UNKNOWN
    if user is None or mail.sender != user.email.lower() or not can_write_in(user, introduction):
        return Received.STRANGER
    if is_large:
        return Received.TOO_LARGE
    return Received.POSTED if mail.text else Received.EMPTY


def _post(mail: Incoming, introduction: Introduction, user: User) -> Message:
    body = mail.text[:MOST_CHARS]
    language = guess_language(body) or user.language
    return post_message(by=user, introduction=introduction, body=body, language=language)


def _answer(row: InboundMail, mail: Incoming, introduction: Introduction, user: User | None) -> None:
    since = timezone.now() - TELL_AGAIN
    told = InboundMail.objects.filter(sender_digest=row.sender_digest, at__gte=since).exclude(pk=row.pk)
    if told.exclude(outcome__in=[Received.POSTED, Received.AUTOMATIC]).exists():
        return
    language = guess_language(mail.text) or (user.language if user else "en")
    payload = {"to": mail.sender, "language": language, "why": str(row.outcome), "in_reply_to": mail.message_id}
    # Whoever is not a member learns nothing of the introduction, not even its address.
    if row.outcome != Received.STRANGER:
        payload["introduction"] = introduction.match.public_id
    enqueue(kind="introductions.mail_not_taken", subject=f"inboundmail:{row.pk}", payload=payload)
