"""A notice as a mail in its reader's language: plain text, with a small HTML twin."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

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
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        subject,
        text,
        to=[notice.recipient.email],
        headers={
            "Message-ID": f"<notice-{notice.pk}@{domain}>",
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail
