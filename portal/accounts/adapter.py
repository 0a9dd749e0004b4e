"""Where allauth asks us: what is kept of a new person, in which words it refuses, who must keep a second factor."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.common.negotiation import in_language

LINKS = ("activate_url", "password_reset_url", "signup_url")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up keeps the language the person reads in; mails are written in the recipient's language."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your e-mail address already."),
        "email_password_mismatch": _("E-mail address and password do not fit together. Check both and try again."),
        "email_taken": _("There is an account with this e-mail address already."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link cannot be used any more. Ask for a new one."),
        "same_as_current": _("This is the one you have already."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
        "rate_limited": _("That was too often in a short time. Wait a few minutes, then try again."),
    }

    def save_user(self, request: HttpRequest, user: User, form: object, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]  # type: ignore[attr-defined]
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who came to no page in particular goes on in the language of the account, whatever the sign-in page's."""
        return in_language(super().get_login_redirect_url(request), request.user.language)  # type: ignore[union-attr]

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        person = context.get("user")
        language = getattr(person, "language", None) or translation.get_language()
        with translation.override(language), timezone.override(getattr(person, "time_zone", settings.TIME_ZONE)):
            reset_url = f"{settings.SITE_URL}{reverse('account_reset_password')}"
            ours = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "reset_url": reset_url}
            # Made for the page on which somebody asked; whoever gets the mail may read another language.
            links = {name: in_language(context[name], language) for name in LINKS if context.get(name)}
            super().send_mail(template_prefix, email, {**context, **links, **ours})


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("ICLEI staff cannot work without a second factor."),
        "cannot_generate_recovery_codes": _("First set up an authenticator app."),
        "incorrect_code": _("This code is wrong or has run out. Wait for the next one and try again."),
        "unverified_email": _("First confirm your e-mail address: open the link in the mail we sent you."),
        "add_email_blocked": _("Remove the second factor before you change the e-mail address."),
    }

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Staff would be locked out of every page the moment they removed it (see the middleware)."""
        user = authenticator.user
        is_needed = settings.STAFF_SECOND_FACTOR and bool(user.staff_roles or user.is_staff)
        return not is_needed and super().can_delete_authenticator(authenticator)
