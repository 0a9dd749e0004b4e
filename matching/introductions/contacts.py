"""Contact data in a text: found and masked, so that nobody is reached before both sides have said yes.

It errs on the side of the firewall. What is refused by mistake can be written in other words; what slips through
cannot be taken back.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.common.errors import Incomplete
from portal.common.geography import countries

MASK = "[…]"
_AT = r"(?:@|\(at\)|\[at\]|\{at\}|\sat\s|\sarroba\s|\sarobase\s|골뱅이|アットマーク)"
_DOT = r"(?:\.|。|\(dot\)|\[dot\]|\sdot\s|\spunto\s|\sponto\s|\spoint\s)"
MAIL = re.compile(rf"[\w.+\-]{{1,64}}\s?{_AT}\s?[\w\-]{{1,63}}(?:\s?{_DOT}\s?[\w\-]{{2,63}})+", re.IGNORECASE)
LINK = re.compile(r"(?:[a-z][a-z0-9+.\-]{1,12}://|www\.|mailto:|tel:)\S+", re.IGNORECASE)
HANDLE = re.compile(
    r"(?<![\w.])@[a-z0-9_.]{3,}"
    r"|\b(?:whats\s?app|telegram|we\s?chat|kakao\s?talk|skype|signal|line id|微信|카카오톡|카톡)\b"
    r"\s*[:：]?\s*[\w.+\-@]*\d[\w.+\-]*",
    re.IGNORECASE,
)
# A telephone number begins like one or is announced as one. Amounts, dates and references are left alone.
_DIGITS = r"[\d\u2010-\u2015 ().\-/]"
_DATE = r"\d\d[./\-]\d\d[./\-]\d{4}\b"
PHONE = re.compile(
    rf"(?<![\w.,])(?:\+|00)\s?\d{_DIGITS}{{6,20}}\d"
    rf"|(?<![\w.,])(?!{_DATE})\(?0\d{{1,4}}\)?[ \-./]\d{_DIGITS}{{4,16}}\d"
    rf"|(?<![\w.,])\(\d{{2,4}}\)\s?\d{_DIGITS}{{4,14}}\d|(?<![\w.,\-])\d{{3}}[\-.]\d{{3,4}}[\-.]\d{{4}}(?![\w\-])"
    rf"|(?:tel|phone|mobile|cell|fax|móvil|teléfono|téléphone|telefone|celular|전화|휴대폰|電話|携帯|电话|手机)\w*"
    rf"[\s.:：]*\+?\d{_DIGITS}{{3,20}}\d",
    re.IGNORECASE,
)
_GENERIC = "com org net info biz gov edu int io ai dev app city eu uk"


def _domain() -> re.Pattern[str]:
    endings = "|".join(sorted({*_GENERIC.split(), *(code.lower() for code in countries())}))
    return re.compile(rf"(?<![\w.@])(?:[a-z0-9\-]{{2,63}}\.)+(?:{endings})(?![\w.])(?:/\S*)?")


DOMAIN = _domain()
PATTERNS = (MAIL, LINK, HANDLE, PHONE, DOMAIN)


def _read(text: str) -> str:
    """The text as a reader takes it: full-width letters as plain ones, no characters that nobody sees."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in folded if unicodedata.category(letter) != "Cf")


def _spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    found = [match.span() for pattern in PATTERNS for match in pattern.finditer(text)]
    for name in names:
        words = " ".join(name.split())
        if len(words) >= 3:
            pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)" if words.isascii() else re.escape(words), re.I)
            found += [match.span() for match in pattern.finditer(text)]
    return sorted(found)


def contacts_in(text: str, names: Iterable[str] = ()) -> list[str]:
    """The addresses, numbers, links and names of ``names`` in the text, in its order."""
    read = _read(text)
    return list(dict.fromkeys(read[start:end].strip() for start, end in _spans(read, names)))


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text with ``[…]`` in place of what reaches a person. A text without any comes back as it was."""
    read, out, last = _read(text), [], 0
    spans = _spans(read, names)
    if not spans:
        return text
    for start, end in spans:
        if start >= last:
            out += [read[last:start], MASK]
        last = max(last, end)
    return "".join([*out, read[last:]])


def refuse_contacts(text: str, *, field: str, names: Iterable[str] = ()) -> None:
    """Raises Incomplete, naming what was found, where a text would let the other side be reached too early."""
    found = contacts_in(text, names)
    if found:
        message = _(
            "Take this out, please: %(found)s. Names, addresses, numbers and links are shown to the other side only"
            " after both have said yes, so that nobody gets an unfair start. Your text is kept in the box."
        )
        raise Incomplete(message % {"found": "; ".join(f"“{item}”" for item in found[:5])}, (field,))
