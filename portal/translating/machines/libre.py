"""A server that speaks LibreTranslate's API: GET …/languages, POST …/translate {q, source, target} → {translatedText}.

It is somebody else's and may be away, slow or wrong: a call ends within its deadline, reads a bounded answer, follows
no redirect, is tried twice, and says TranslatorAway otherwise.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from matching.encoder.asking import LATER, answer_to
from portal.common.languages import normalise_language
from portal.translating.machines.kinds import PairUnknown, TranslatorAway

_TRIES: Final = 2
_TIMEOUT: Final = 20.0  # seconds, for the whole of one request
_PAUSE: Final = 1.0
_MAX_BYTES: Final = 2 * 2**20
# Of several kinds of Chinese the simplified one is ours.
_FIRST: Final = ("zh-hans", "zh")


@dataclass(slots=True)
class Libre:
    """See Translator. ``address`` ends before /translate."""

    address: str
    key: str = field(default="", repr=False)
    _codes: dict[str, str] = field(default_factory=dict)

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """See Translator."""
        codes = self._known_codes()
        if not {source, target} <= codes.keys():
            raise PairUnknown(f"{source} to {target}")
        question = {"q": list(texts), "source": codes[source], "target": codes[target], "format": "text"}
        answer = self._asked("translate", {**question, **({"api_key": self.key} if self.key else {})})
        found = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(found, list) or len(found) != len(texts) or not all(isinstance(one, str) for one in found):
            raise TranslatorAway(f"the answer holds no list of {len(texts)} texts")
        return found

    def _known_codes(self) -> dict[str, str]:
        """Our code → the server's, which differ for Chinese from version to version. Asked once a process."""
        if not self._codes:
            rows = self._asked("languages")
            given = [str(row.get("code")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
            given.sort(key=lambda code: code.lower() not in _FIRST)
            for code in given:
                ours = normalise_language(code)
                if ours and "hant" not in code.lower() and "tw" not in code.lower():
                    self._codes.setdefault(ours, code)
        if not self._codes:
            raise TranslatorAway("the server names no languages")
        return self._codes

    def _asked(self, path: str, question: dict[str, Any] | None = None) -> Any:
        failure = ""
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(_PAUSE)
            try:
                return json.loads(self._answer(path, question))
            except urllib.error.HTTPError as error:
                with error:
                    failure = f"answered {error.code}: {error.read(200).decode('utf-8', 'replace')}"
                if error.code not in LATER:
                    break
            except (OSError, ValueError) as error:  # not reached, broken off, or not JSON
                failure = str(error)
        raise TranslatorAway(failure.replace(self.key, "***") if self.key else failure)

    def _answer(self, path: str, question: dict[str, Any] | None) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        body = None if question is None else json.dumps(question).encode()
        request = urllib.request.Request(f"{self.address}/{path}", body, headers)  # noqa: S310  (checked by settings)
        return answer_to(request, seconds=_TIMEOUT, most=_MAX_BYTES)
