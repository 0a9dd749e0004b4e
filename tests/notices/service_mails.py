"""One mail of each kind that is no notice: to people without an account, and about one's own account."""

from pathlib import Path
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from catalog.confirmations.asking_actions import ask_city
from catalog.models import Reference
from matching.experts.actions import invite_expert
from portal.accounts.member_actions import invite_member
from portal.jobs.actions import enqueue
from portal.jobs.tasks import run_due
from tests.factories import (
    MembershipFactory,
    ProviderFactory,
    SolutionFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.factories.introductions import InboundMailFactory
from tests.notices.reading import READER

TO = "berta@curitiba.pr.gov.br"


def service_mails(language: str) -> dict[str, Any]:
    return {**_of_jobs(language), **_of_the_account(language)}


def _sent() -> Any:
    mail.outbox.clear()
    run_due()
    [message] = [one for one in mail.outbox if TO in one.to]
    return message


def _of_jobs(language: str) -> dict[str, Any]:
    provider = ProviderFactory(organisation__name="«provider»")
    admin = MembershipFactory(organisation=provider.organisation, user__name=READER).user
    found = {}
    invite_member(by=admin, organisation=provider.organisation, email=TO, role="editor", language=language)
    found["invitation"] = _sent()
    solution = SolutionFactory(provider=provider, name="«solution»")
    reference = Reference.objects.create(solution=solution, city_name="«city»", country="BR")
    ask_city(by=admin, reference=reference, email=TO, language=language)
    found["city question"] = _sent()
    moderator = StaffRoleFactory(role="moderator", user__name=READER).user
    invite_expert(by=moderator, email=TO, name=READER, affiliation="«place»", language=language)
    found["expert invitation"] = _sent()
    for why in ("stranger", "too_large", "empty"):
        given = {"language": language, "to": TO, "why": why, "in_reply_to": "<a@b>"}
        enqueue(kind="introductions.mail_not_taken", subject=f"inbound:{InboundMailFactory().pk}", payload=given)
        found[f"mail not taken: {why}"] = _sent()
    return found


def _of_the_account(language: str) -> dict[str, Any]:
    """Every mail that allauth sends with our words, in a person's own language."""
    user, found = UserFactory(language=language, name=READER, email=f"ana-{language}@example.org"), {}
    with translation.override(language):
        pages = {name: settings.SITE_URL + reverse(f"account_{name}") for name in ("signup", "reset_password", "login")}
    given = {
        "user": user, "email": "«email»", "from_email": "«old»", "to_email": "«new»", "deleted_email": "«gone»",
        "activate_url": pages["login"], "password_reset_url": pages["reset_password"], "signup_url": pages["signup"],
        "ip": "127.0.0.1", "user_agent": "Firefox", "timestamp": "2026-06-10",
    }  # fmt: skip
    folder = Path(settings.BASE_DIR) / "templates"
    for template in sorted(folder.glob("*/email/*_subject.txt")):
        prefix = str(template.relative_to(folder)).removesuffix("_subject.txt")
        mail.outbox.clear()
        with request_context(RequestFactory().get(f"/{language}/")):
            get_adapter().send_mail(prefix, user.email, dict(given))
        [found[prefix]] = mail.outbox
    return found
