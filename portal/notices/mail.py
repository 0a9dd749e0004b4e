"""Notices as mails in their readers' languages: plain text, with a small HTML twin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from portal.accounts.member_actions import token_of
from portal.accounts.models import Invitation, User
from portal.common.context import language_tag
from portal.common.excerpts import excerpt
from portal.notices.actions import counted, sentence
from portal.notices.clock import zone_of
from portal.notices.enclosures import File, enclosure_of
from portal.notices.enums import Cadence
from portal.notices.gathering import is_counted, unmailed
from portal.notices.kinds import GROUPS, KINDS
from portal.notices.models import Digest, Notice
from portal.notices.unsubscribing import unsubscribe_url
from portal.notices.waiting import waiting_for

# A digest is read on the way to work: beyond this many lines of one group it says how many more there are.
MOST_LINES = 20
# Longer ones are cut by mail programs; the first sentence of the mail has all of it.
LONGEST_SUBJECT = 100
ENDS = (".", "?", "!", "…", "。", "？", "！")
STOPS = {"ja": "。", "zh-hans": "。"}


def letter(
    *,
    identity: str,
    template: str,
    language: str,
    to: str,
    subject: str,
    context: Mapping[str, Any],
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    files: Iterable[File] = (),
) -> EmailMultiAlternatives:
    """A mail from ``emails/<template>.txt`` and ``.html``, which extend ``emails/base``, in the active language.

    ``identity`` makes the Message-ID, so that a mail sent twice after a crash is recognised as one.
    """
    subject = " ".join(subject.split())
    frame = {
        "subject": subject,
        "opening": _finished(subject, language),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "language": language_tag(language),
        **context,
    }
    own = {
        "Message-ID": message_id(identity),
        "Content-Language": language_tag(language),
        "Auto-Submitted": "auto-generated",
        **(headers or {}),
    }
    text = render_to_string(f"emails/{template}.txt", frame)
    head = excerpt(subject, LONGEST_SUBJECT)
    mail = EmailMultiAlternatives(head, text, to=[to], headers=own, reply_to=[reply_to] if reply_to else None)
    mail.attach_alternative(render_to_string(f"emails/{template}.html", frame), "text/html")
    for file in files:
        mail.attach(file.name, file.content, file.kind)
    return mail


def _finished(sentence: str, language: str) -> str:
    """With the stop that its language puts at an end, unless it has one."""
    return (
        sentence if sentence.endswith((".", "?", "!", "…", "。", "？", "！")) else sentence + STOPS.get(language, ".")
    )


def message_id(identity: str) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return f"<{identity}@{domain}>"


def compose(notice: Notice) -> EmailMultiAlternatives:
    reader, kind = notice.recipient, KINDS[notice.kind]
    with translation.override(reader.language), timezone.override(zone_of(reader.time_zone)):
        enclosed = enclosure_of(notice)
        context = {
            "notice": notice,
            "why": kind.why,
            "link": _link(reader, notice.path),
            "enclosed": enclosed,
            "quoted_language": language_tag(enclosed.quoted_language) if enclosed.quoted else "",
            **_foot(reader, kind.group),
        }
        return letter(
            identity=f"notice-{notice.pk}",
            template="notice",
            language=reader.language,
            to=reader.email,
            subject=_line(notice),
            context=context,
            reply_to=enclosed.reply_to,
            headers=_unsubscribe_headers(reader, kind.group),
            files=enclosed.files,
        )


def _line(notice: Notice) -> str:
    """What happened; of what comes in numbers, how many since the last mail."""
    number = unmailed(notice).told().count() if is_counted(notice) else 1
    return counted(notice.kind, number) if number > 1 else sentence(notice.kind, notice.params)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A group of a digest: its name, lines as (sentence, link), how many more there are, why this reader gets them, and
    the way to switch it off."""

    label: str
    lines: list[tuple[str, str]]
    more: int
    reasons: list[str]
    unsubscribe: str


def compose_digest(digest: Digest) -> EmailMultiAlternatives | None:
    """None where nothing is left to tell: everything was read, or dealt with by colleagues."""
    reader = digest.recipient
    with translation.override(reader.language), timezone.override(zone_of(reader.time_zone)):
        chapters = [chapter for group in GROUPS if (chapter := _chapter(digest, group))]
        if not chapters:
            return None
        number = sum(len(chapter.lines) + chapter.more for chapter in chapters)
        daily = ngettext("%(count)s thing new today", "%(count)s things new today", number)
        weekly = ngettext("%(count)s thing new this week", "%(count)s things new this week", number)
        subject = (daily if digest.cadence == Cadence.DAILY else weekly) % {"count": number}
        return letter(
            identity=f"digest-{digest.pk}",
            template="digest",
            language=reader.language,
            to=reader.email,
            subject=f"{settings.SITE_NAME}: {subject}",
            context={"name": reader.name, "chapters": chapters, **_foot(reader, "")},
            headers=_unsubscribe_headers(reader, _only_group(digest)),
        )


def _chapter(digest: Digest, group: str) -> Chapter | None:
    reader = digest.recipient
    found = [n for n in digest.notices.unread().order_by("created_at", "pk") if KINDS[n.kind].group == group]
    if not found:
        return None
    singles = [n for n in found if not KINDS[n.kind].count]
    lines = [(sentence(n.kind, n.params), _link(reader, n.path)) for n in singles[:MOST_LINES]]
    if group == "moderation":
        lines = [(line.text, _link(reader, line.path)) for line in waiting_for(reader)] + lines
    lines += [_count(reader, kind, found) for kind in sorted({n.kind for n in found if KINDS[n.kind].count})]
    more = max(0, len(singles) - MOST_LINES)
    reasons = list(dict.fromkeys(str(KINDS[n.kind].why) for n in found))
    return Chapter(str(GROUPS[group].label), lines, more, reasons, unsubscribe_url(reader, group))


def _count(reader: User, kind: str, found: list[Notice]) -> tuple[str, str]:
    same = [notice for notice in found if notice.kind == kind]
    return counted(kind, len(same)), _link(reader, same[-1].path)


def _only_group(digest: Digest) -> str:
    """The group that one click can end: a digest of several has no single one, and its links stand in the text."""
    groups = {KINDS[kind].group for kind in digest.notices.values_list("kind", flat=True)}
    return groups.pop() if len(groups) == 1 else ""


def _link(reader: User, path: str) -> str:
    return f"{settings.SITE_URL}/{reader.language}{path}"


def _foot(reader: User, group: str) -> dict[str, Any]:
    """What stands under every mail: how to change what comes, or why it cannot be changed."""
    is_service = bool(group) and GROUPS[group].is_service
    return {
        "group": GROUPS[group].label if group else "",
        "is_service": is_service,
        "settings_url": f"{settings.SITE_URL}{reverse('notices:mail-settings')}",
        "unsubscribe": "" if is_service or not group else unsubscribe_url(reader, group),
    }


def _unsubscribe_headers(reader: User, group: str) -> dict[str, str]:
    """RFC 8058: the mail program shows a button, and its provider posts to the address without a person's session."""
    if not group or GROUPS[group].is_service:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(reader, group)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def compose_invitation(invitation: Invitation) -> EmailMultiAlternatives:
    """To somebody who may not know the portal: who invites, to what, and what the portal is."""
    with translation.override(invitation.language):
        named = {"name": invitation.invited_by.name, "organisation": invitation.organisation.name}
        link = f"{settings.SITE_URL}{reverse('accounts:invitation-accept', args=[token_of(invitation)])}"
        return letter(
            identity=f"invitation-{invitation.pk}-{invitation.expires_at:%Y%m%d%H%M%S}",
            template="invitation",
            language=invitation.language,
            to=invitation.email,
            subject=gettext("%(name)s invites you to join %(organisation)s") % named,
            context={"invitation": invitation, "link": link},
        )
