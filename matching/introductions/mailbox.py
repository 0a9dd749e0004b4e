"""Mails fetched from an IMAP mailbox: for hosts where no mail server can run a command."""

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError

from matching.introductions.mail_actions import receive_mail

logger = logging.getLogger(__name__)

AT_ONCE = 50
PATIENCE = 20
SEEN, LOOK_AT_IT = "(\\Seen)", "(\\Seen \\Flagged)"


class MailboxError(Exception):
    """The mailbox cannot be read now. Nothing is lost: what was not marked as seen comes with the next poll."""


def take_new_mails() -> int:
    """Take the unseen mails in, each marked as seen once it is safely in the database. Returns how many.

    Raises MailboxError where the mailbox refuses, does not answer, or breaks off. A mail that was taken in just before
    comes again and counts once.
    """
    try:
        with _connected() as box:
            taken = 0
            for uid in _unseen(box):
                flags = _take(uid, _fetched(box, uid))
                _said(box.uid("STORE", uid, "+FLAGS", flags))
                taken += flags == SEEN
            return taken
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxError(str(error)) from error


@contextmanager
def _connected() -> Iterator[imaplib.IMAP4]:
    """Signed in, with the folder open. The URL: imaps://user:password@host:993/INBOX

    The certificate is checked. With imap:// the connection is made safe where the server offers that.
    """
    parts = urlsplit(settings.INBOUND_IMAP_URL)
    host, trusted = parts.hostname or "", ssl.create_default_context()
    box: imaplib.IMAP4
    if parts.scheme == "imaps":
        box = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=trusted, timeout=PATIENCE)
    else:
        box = imaplib.IMAP4(host, parts.port or 143, timeout=PATIENCE)
    try:
        if parts.scheme != "imaps" and "STARTTLS" in box.capabilities:
            box.starttls(trusted)
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        _said(box.select(unquote(parts.path.strip("/")) or "INBOX"))
        yield box
    finally:
        # The library's own way out leaves the socket open where the connection broke.
        with suppress(imaplib.IMAP4.error, OSError):
            box.logout()
        with suppress(OSError):
            box.shutdown()


def _said(answer: tuple[str, list]) -> list:
    """What a command gave back. The library leaves a NO to its caller."""
    word, data = answer
    if word != "OK":
        raise imaplib.IMAP4.error(f"{word} {data}")
    return data


def _unseen(box: imaplib.IMAP4) -> list[str]:
    """Unique numbers, which stay what they are when another program deletes a mail meanwhile."""
    (found,) = _said(box.uid("SEARCH", "UNSEEN"))
    return [uid.decode("ascii") for uid in (found or b"").split()[:AT_ONCE]]


def _fetched(box: imaplib.IMAP4, uid: str) -> bytes:
    """One byte more than is taken: what is larger is recognised without reading all of it. Empty: gone meanwhile."""
    parts = _said(box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{settings.INBOUND_MOST_BYTES + 1}>)"))
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")


def _take(uid: str, raw: bytes) -> str:
    """The flags that the mail gets. One that nobody foresaw must not hold up the others, nor be tried for ever."""
    try:
        if raw:
            receive_mail(raw=raw)
    except (OperationalError, InterfaceError):
        raise  # the database is away: all of it comes again
    except Exception:
        logger.exception("mail %s of the mailbox could not be taken in; it is flagged for a person to look at", uid)
        return LOOK_AT_IT
    return SEEN
