from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganisationKind(TextChoices):
    CITY = "city", _("City")
    PROVIDER = "provider", _("Provider")
    EXPERT = "expert", _("Expert body")
    ICLEI = "iclei", "ICLEI"


class OrganisationState(TextChoices):
    PENDING = "pending", pgettext_lazy("organisation state", "Waiting for verification")
    VERIFIED = "verified", pgettext_lazy("organisation state", "Verified")
    REFUSED = "refused", pgettext_lazy("organisation state", "Verification refused")
    SUSPENDED = "suspended", pgettext_lazy("organisation state", "Suspended")

    @property
    def tone(self) -> str:
        return {"pending": "info", "verified": "success", "refused": "danger", "suspended": "warning"}[self.value]


class VerificationMethod(TextChoices):
    DOMAIN = "domain", _("E-mail domain of the organisation")
    LETTER = "letter", _("Signed letter")
    REGISTRY = "registry", _("Public registry entry")
    KNOWN = "known", _("Known to ICLEI")


class ConflictKind(TextChoices):
    """What ties a person to an organisation that they do not belong to."""

    WORK = "work", pgettext_lazy("conflict of interest", "I work or worked for it")
    ADVICE = "advice", pgettext_lazy("conflict of interest", "I advise it, or sit on one of its boards")
    MONEY = "money", pgettext_lazy("conflict of interest", "I own part of it, or it owes me money")
    FAMILY = "family", pgettext_lazy("conflict of interest", "Somebody close to me works for it or owns it")
    OTHER = "other", pgettext_lazy("conflict of interest", "Something else")


class MemberRole(TextChoices):
    EDITOR = "editor", pgettext_lazy("member role", "Editor")
    APPROVER = "approver", pgettext_lazy("member role", "Approver")
    ADMIN = "admin", pgettext_lazy("member role", "Administrator")


class StaffRoleKind(TextChoices):
    MODERATOR = "moderator", _("Moderator")
    NEUTRALITY = "neutrality", _("Neutrality officer")
    PROGRAMME = "programme", _("Programme manager")
    EXPERT = "expert", _("Expert")
    ADMINISTRATOR = "administrator", _("Administrator")


class RefusalReason(TextChoices):
    NOT_FOUND = "not_found", _("The organisation could not be found in a public register")
    NOT_AUTHORISED = "not_authorised", _("The person may not speak for the organisation")
    OUT_OF_SCOPE = "out_of_scope", _("The organisation is not one this portal serves")
    DUPLICATE = "duplicate", _("The organisation is registered already")
