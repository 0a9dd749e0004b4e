from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CityAnswer(TextChoices):
    """What the contact at the city may say; the words stand beside the button that is chosen."""

    CONFIRM = "confirm", pgettext_lazy("answer of the reference city", "This is right")
    CORRECT = "correct", pgettext_lazy("answer of the reference city", "Something is wrong: I say below what")
    REFUSE = "refuse", pgettext_lazy("answer of the reference city", "This is not true, or we do not confirm it")
    CANNOT_SAY = "cannot_say", pgettext_lazy("answer of the reference city", "I am not the right person to ask")

    @property
    def needs_words(self) -> bool:
        return self in (CityAnswer.CORRECT, CityAnswer.REFUSE)

    @property
    def tone(self) -> str:
        return {"confirm": "success", "correct": "warning", "refuse": "danger", "cannot_say": "neutral"}[self.value]


class Verdict(TextChoices):
    """What a moderator found in a document, or in an answer that came from an address nobody knows."""

    SHOWN = "shown", pgettext_lazy("evidence", "It shows what is claimed")
    THIRD_PARTY = "third_party", pgettext_lazy("evidence", "It shows it, and an independent third party made it")
    NOT_SHOWN = "not_shown", pgettext_lazy("evidence", "It does not show what is claimed")
    OUT_OF_REACH = "out_of_reach", _("The link does not open")

    @property
    def tone(self) -> str:
        tones = {"shown": "success", "third_party": "success", "not_shown": "danger", "out_of_reach": "warning"}
        return tones[self.value]
