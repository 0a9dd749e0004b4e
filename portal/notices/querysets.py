from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.notices.enums import DIGESTS

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User


class NoticeQuerySet(models.QuerySet[Any]):
    def told(self, now: "datetime | None" = None) -> "NoticeQuerySet":
        """Those that are not held back any more."""
        return self.filter(Q(held_until=None) | Q(held_until__lte=now or timezone.now()))

    def visible_to(self, user: "User") -> "NoticeQuerySet":
        return self.filter(recipient=user).told()

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def for_digest(self) -> "NoticeQuerySet":
        """Unread ones that wait for a mail with others of their kind. What was read in the portal is known already."""
        return self.unread().filter(cadence__in=DIGESTS, digest=None, mailed_at=None)
