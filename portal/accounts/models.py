"""People, the organisations they act for, and the roles they hold."""

import secrets
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import (
    ConflictKind,
    MemberRole,
    OrganisationKind,
    OrganisationState,
    StaffRoleKind,
    VerificationMethod,
)
from portal.accounts.querysets import ConflictQuerySet, OrganisationQuerySet
from portal.common.models import TimeStamped, public_id


def evidence_path(evidence: "VerificationEvidence", name: str) -> str:
    """Nothing of the file's own name: that stands in ``file_name``, and is only ever sent as a header."""
    return f"verification/{secrets.token_hex(16)}"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the sign-in name; nothing more personal than a name is kept."""

    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("Time zone"), max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May open the back office for vocabularies.")
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_ci")]

    def __str__(self) -> str:
        return self.name or self.email

    # Read once a request: every page asks several times what the reader may do.
    @cached_property
    def staff_roles(self) -> frozenset[str]:
        return frozenset(self.staffrole_set.values_list("role", flat=True))

    @cached_property
    def active_memberships(self) -> tuple["Membership", ...]:
        return tuple(self.membership_set.select_related("organisation").order_by("pk"))

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(m.organisation_id for m in self.active_memberships)

    def role_in(self, organisation_id: int | None) -> str | None:
        return next((m.role for m in self.active_memberships if m.organisation_id == organisation_id), None)

    @cached_property
    def tied_organisation_ids(self) -> frozenset[int]:
        """See ``rules.is_tied``. One query a request, whatever the number of records that are looked at."""
        return frozenset(Organisation.objects.tied_to(self).values_list("pk", flat=True))

    @cached_property
    def recused_items(self) -> frozenset[tuple[str, str]]:
        """What this person is kept out of: kind and reference. One query a request."""
        return frozenset(self.recusals.values_list("kind", "item"))

    def memberships_of_kind(self, kind: str) -> tuple["Membership", ...]:
        return tuple(m for m in self.active_memberships if m.organisation.kind == kind)


class Organisation(TimeStamped):
    """A city body, a provider or an expert body. What it is for, City and Provider records say."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)
    name = models.CharField(_("Name of the organisation"), max_length=200)
    country = models.CharField(_("Country"), max_length=2)
    website = models.URLField(_("Website"), max_length=300, blank=True)
    registry_number = models.CharField(_("Registry number"), max_length=80, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=60, blank=True, help_text="Empty: see days.day_at.")
    state = models.CharField(max_length=12, choices=OrganisationState.choices, default=OrganisationState.PENDING)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_how = models.CharField(max_length=12, choices=VerificationMethod.choices, blank=True)
    refusal_reason = models.CharField(max_length=20, blank=True)
    refusal_note = models.TextField(blank=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="organisations")
    is_demo = models.BooleanField(default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_verified_who_when_how",
                condition=Q(verified_at__isnull=True, verified_by__isnull=True, verified_how="")
                | (Q(verified_at__isnull=False, verified_by__isnull=False) & ~Q(verified_how="")),
            ),
            models.CheckConstraint(name="organisation_state_known", condition=Q(state__in=OrganisationState.values)),
            models.CheckConstraint(
                name="organisation_verified_has_verifier",
                condition=~Q(state=OrganisationState.VERIFIED) | Q(verified_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["kind", "state"])]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("O")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("accounts:organisation-detail", args=[self.public_id])

    @property
    def is_verified(self) -> bool:
        return self.state == OrganisationState.VERIFIED


class Membership(TimeStamped):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    role = models.CharField(_("Role"), max_length=12, choices=MemberRole.choices, default=MemberRole.EDITOR)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=MemberRole.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.role}"


class FormerMembership(models.Model):
    """Who belonged to an organisation once. A former colleague is tied to it still."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="former_memberships")
    role = models.CharField(max_length=12, choices=MemberRole.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="former_membership_order", condition=Q(until__gte=models.F("since"))),
            models.CheckConstraint(name="former_membership_role_known", condition=Q(role__in=MemberRole.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.role}"


class ConflictDeclaration(TimeStamped):
    """What ties a person to an organisation without belonging to it, in the person's own words. Ended, not deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="declared_conflicts")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="declared_conflicts")
    kind = models.CharField(_("What ties you to it?"), max_length=12, choices=ConflictKind.choices)
    note = models.TextField(blank=True, max_length=1000)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="conflict_order", condition=Q(until__gte=models.F("since"))),
            models.CheckConstraint(name="conflict_kind_known", condition=Q(kind__in=ConflictKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.kind}"


class VerificationEvidence(models.Model):
    """What a moderator saw before an organisation was verified: words, and often a file. Kept, never changed.

    ``detail`` is the domain, the register with the number in it, or who signed the letter.
    """

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="evidence")
    method = models.CharField(max_length=12, choices=VerificationMethod.choices)
    detail = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    file = models.FileField(upload_to=evidence_path, max_length=200, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-checked_at", "-pk"]
        verbose_name_plural = "verification evidence"
        constraints = [
            models.CheckConstraint(name="evidence_method_known", condition=Q(method__in=VerificationMethod.values)),
            # Whom ICLEI knows needs no paper; everything else was seen somewhere.
            models.CheckConstraint(
                name="evidence_says_something", condition=~Q(detail="") | ~Q(file="") | Q(method="known")
            ),
            models.CheckConstraint(
                name="evidence_file_whole",
                condition=Q(file="", file_name="", file_sha256="")
                | (~Q(file="") & ~Q(file_name="") & ~Q(file_sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.method} · {self.detail}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("E")
        super().save(*args, **kwargs)


class Invitation(TimeStamped):
    """An offer to join an organisation, mailed to an address. The link carries a signature; no secret is stored."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-mail address"), max_length=254)
    role = models.CharField(_("Role"), max_length=12, choices=MemberRole.choices, default=MemberRole.EDITOR)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
            ),
            models.CheckConstraint(name="invitation_role_known", condition=Q(role__in=MemberRole.values)),
            models.CheckConstraint(
                name="invitation_accepted_who_when",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_ends_once", condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation} · {self.role}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()


class StaffRole(TimeStamped):
    """A role at ICLEI. Nobody who belongs to a provider may hold one that decides on matches."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    role = models.CharField(max_length=16, choices=StaffRoleKind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="staff_role_once"),
            models.CheckConstraint(name="staff_role_known", condition=Q(role__in=StaffRoleKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role}"
