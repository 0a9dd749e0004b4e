"""Argos Translate on this machine, where somebody has installed it with its packages of languages. Texts stay here."""

from collections.abc import Sequence
from typing import Any

from portal.translating.machines.kinds import PairUnknown, TranslatorAway

_CODES = {"zh-hans": "zh"}


class Argos:
    """See Translator. Not a dependency of the portal: it brings a runtime of two gigabytes."""

    def __init__(self) -> None:
        # Loaded by the first draft, in the worker that makes it.
        from argostranslate import translate

        self._argos: Any = translate

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """See Translator."""
        installed = {language.code: language for language in self._argos.get_installed_languages()}
        here, there = (installed.get(_CODES.get(code, code)) for code in (source, target))
        pair = here.get_translation(there) if here and there else None
        if pair is None:
            raise PairUnknown(f"{source} to {target}")
        try:
            return [str(pair.translate(text)) for text in texts]
        except Exception as error:  # whatever its models raise, the editor has to say so
            raise TranslatorAway(f"{type(error).__name__}: {error}") from error
