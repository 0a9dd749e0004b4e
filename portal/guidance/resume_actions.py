"""Mail oneself the way back to a draft."""

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.guidance.resuming import Place
from portal.notices.actions import notify


@transaction.atomic
def mail_place(*, by: User, place: Place) -> None:
    """To the reader's own address, at once; asked twice within a minute, it is sent once."""
    minute = timezone.now().strftime("%Y-%m-%dT%H:%M")
    notify(
        recipients=[by],
        kind="draft_place",
        event=f"resume:{by.pk}:{place.public_id}:{place.section}:{minute}",
        params={"title": place.title},
        path=place.path_without_language(),
    )
