"""A notice as a mail in its reader's language: plain text, with a small HTML twin."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from portal.accounts.member_actions import token_of
from portal.accounts.models import Invitation
from portal.notices.actions import sentence
from portal.notices.kinds import KINDS
from portal.notices.models import Notice


def compose(notice: Notice) -> EmailMultiAlternatives:
    """The Message-ID is the notice's own, so that a mail sent twice after a crash is recognised as one."""
    language = notice.recipient.language
    with translation.override(language), timezone.override(notice.recipient.time_zone):
        subject = " ".join(sentence(notice.kind, notice.params).split())
        context = {
            "notice": notice,
            "subject": subject,
            "why": KINDS[notice.kind].why,
            "site_name": settings.SITE_NAME,
            "link": f"{settings.SITE_URL}/{language}{notice.path}",
            "language": language,
        }
        text = render_to_string("emails/notice.txt", context)
        html = render_to_string("emails/notice.html", context)
    return _mail(f"notice-{notice.pk}", language, notice.recipient.email, subject, text, html)


def compose_invitation(invitation: Invitation) -> EmailMultiAlternatives:
    """To somebody who may not know the portal: who invites, to what, and what the portal is."""
    language = invitation.language
    with translation.override(language):
        named = {"name": invitation.invited_by.name, "organisation": invitation.organisation.name}
        subject = " ".join((gettext("%(name)s invites you to join %(organisation)s") % named).split())
        context = {
            "invitation": invitation,
            "subject": subject,
            "site_name": settings.SITE_NAME,
            "link": f"{settings.SITE_URL}{reverse('accounts:invitation-accept', args=[token_of(invitation)])}",
            "language": language,
        }
        text = render_to_string("emails/invitation.txt", context)
        html = render_to_string("emails/invitation.html", context)
    identity = f"invitation-{invitation.pk}-{invitation.expires_at:%Y%m%d%H%M%S}"
    return _mail(identity, language, invitation.email, subject, text, html)


def _mail(identity: str, language: str, to: str, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{identity}@{domain}>",
        "Content-Language": language,
        "Auto-Submitted": "auto-generated",
    }
    mail = EmailMultiAlternatives(subject, text, to=[to], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail
