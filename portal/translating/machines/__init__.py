"""Machine translators. Off unless MACHINE_TRANSLATOR names one; what they write is always marked as theirs."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from portal.translating.machines.kinds import PairUnknown, Translator, TranslatorAway

__all__ = ["PairUnknown", "Translator", "TranslatorAway", "chosen_translator", "is_on"]

PYTHON = "python:"


def is_on() -> bool:
    return bool(settings.MACHINE_TRANSLATOR)


def chosen_translator() -> Translator:
    """The one that settings name. Raises TranslatorAway where there is none, or where it cannot be loaded."""
    return _made(settings.MACHINE_TRANSLATOR, settings.MACHINE_TRANSLATOR_KEY)


@lru_cache(maxsize=4)
def _made(choice: str, key: str) -> Translator:
    try:
        if choice == "argos":
            from portal.translating.machines.argos import Argos

            return Argos()
        if choice.startswith(PYTHON):
            own: Translator = import_string(choice.removeprefix(PYTHON))()
            return own
    except ImportError as error:
        raise TranslatorAway(str(error)) from error
    if not choice:
        raise TranslatorAway("MACHINE_TRANSLATOR is not set")
    from portal.translating.machines.libre import Libre

    return Libre(choice, key)
