"""Refusals that the domain speaks. Views, API and commands translate them at the edge; the text is for the reader."""

from datetime import datetime

from django.utils.translation import gettext as _


class DomainError(Exception):
    """A refusal with a stable ``code`` and a sentence in the active language that says what to do next."""

    code = "refused"
    status = 400

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or _("You may not do this. Ask an administrator of your organisation for the role you need.")
        )


class Incomplete(DomainError):
    """Something has to be filled in first; ``missing`` names the fields."""

    code = "incomplete"
    status = 422

    def __init__(self, message: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class Conflict(DomainError):
    """Somebody else was quicker. Carries who and when, so that the reader can talk to them; nothing was changed."""

    code = "conflict"
    status = 409

    def __init__(self, message: str, *, who: str = "", when: datetime | None = None) -> None:
        super().__init__(message)
        self.who = who
        self.when = when
