"""What a person puts away of the guidance, and takes out again."""

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.guidance.models import Guide


@transaction.atomic
def put_steps_away(*, by: User, is_away: bool) -> Guide:
    """One's own first steps. Nobody else is concerned, so no trace of it is kept."""
    return _note(by, hidden_at=timezone.now() if is_away else None)


@transaction.atomic
def end_tour(*, by: User) -> Guide:
    """It is not offered again; it can be taken again from the help page."""
    return _note(by, toured_at=timezone.now())


def _note(user: User, **what: object) -> Guide:
    guide, _is_new = Guide.objects.update_or_create(user=user, defaults=what)
    return guide
