"""allauth's forms in our own words and dress: our labels, our text rules, required-messages that name the field."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

from portal.common.forms import BaseForm

EMAIL = (_("E-mail address"), "")
PASSWORD = (_("Password"), "")
NEW_PASSWORD = (_("New password"), _("At least 12 characters. Several words in a row are easy to remember."))
REPEATED = (_("New password again"), "")
CODE = (_("Code"), _("Six digits from your authenticator app, or one of your recovery codes."))


class Words:
    """Field name → (label, help). Stands behind BaseForm, so that the labels are there when fields are dressed."""

    words: ClassVar[dict[str, tuple[Any, Any]]] = {}

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # By name: some of allauth's forms take the user first.
        super().__init__(*args, data=data, **kwargs)  # type: ignore[call-arg]
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label, field.help_text = self.words.get(name, (field.label, field.help_text))
            field.widget.attrs.pop("placeholder", None)


class LoginForm(BaseForm, Words, account.LoginForm):
    words = {"login": EMAIL, "password": PASSWORD}


class SignupForm(BaseForm, Words, account.SignupForm):
    words = {
        "name": (_("Your name"), _("People of the other side see it once you are introduced.")),
        "email": (_("E-mail address"), _("Use the one of your organisation: it helps us to verify it.")),
        "password1": (_("Password"), NEW_PASSWORD[1]),
    }


class AddEmailForm(BaseForm, Words, account.AddEmailForm):
    words = {"email": (_("New e-mail address"), _("We send a mail to it. It counts once you have opened the link."))}


class ChangePasswordForm(BaseForm, Words, account.ChangePasswordForm):
    words = {"oldpassword": (_("Present password"), ""), "password1": NEW_PASSWORD, "password2": REPEATED}


class SetPasswordForm(BaseForm, Words, account.SetPasswordForm):
    words = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ResetPasswordForm(BaseForm, Words, account.ResetPasswordForm):
    words = {"email": EMAIL}


class ResetPasswordKeyForm(BaseForm, Words, account.ResetPasswordKeyForm):
    words = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ReauthenticateForm(BaseForm, Words, account.ReauthenticateForm):
    words = {"password": PASSWORD}


class AuthenticateCodeForm(BaseForm, Words, mfa.AuthenticateForm):
    words = {"code": CODE}


class ReauthenticateCodeForm(BaseForm, Words, mfa.ReauthenticateForm):
    words = {"code": CODE}


class ActivateCodeForm(BaseForm, Words, totp.ActivateTOTPForm):
    words = {"code": (_("Six-digit code"), _("The one that the app shows now."))}
