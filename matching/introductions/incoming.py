"""A mail that came in, read without trusting it: who wrote, to which address, and the words above the quoted text."""

import hashlib
import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

from matching.introductions.addresses import whose

MOST_LINES = 4000
_SENDERS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|bounces?)\b", re.IGNORECASE)
# What mail programs put above the text they quote, in our languages and their neighbours'.
_WROTE = re.compile(
    r"(?:wrote|writes|escribió|escribió el|a écrit|écrit|escreveu|schrieb|ha scritto|님이 작성"
    r"|작성했습니다|작성:|썼습니다|のメール|書きました|書いた|写道|寫道)[^\n]{0,80}[:：]?\s*$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^\s*(?:[-_=*]{3,}\s*(?:original message|mensaje original|message d.origine|mensagem original"
    r"|ursprüngliche nachricht|원본 메시지|원본 메일|元のメッセージ|原始邮件|原邮件"
    r"|forwarded message)\s*[-_=*]{3,}|_{20,})\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s*\*?(?:from|de|von|보낸\s?사람|差出人|发件人|寄件者)\s?\*?\s?[:：]", re.IGNORECASE)
_HEADERS_ON = re.compile(
    r"^\s*\*?(?:sent|date|to|subject|enviado|enviada|fecha|data|para|asunto|assunto|envoyé|à|objet|보낸\s?날짜|날짜|받는\s?사람"
    r"|제목|送信日時|日時|宛先|件名|发送时间|日期|收件人|主题)\s?\*?\s?[:：]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """``address`` is the portal's own to which it was sent, ``text`` what the sender wrote anew."""

    message_id: str
    sender: str
    introduction_id: int | None
    user_id: int | None
    is_automatic: bool
    text: str


def read_mail(raw: bytes, *, recipient: str = "") -> Incoming:
    """From the bytes of a mail. ``recipient`` is the envelope's, where the mail server hands it over."""
    try:
        mail = BytesParser(policy=policy.default).parsebytes(raw)
        return _read(mail, raw, recipient)
    # Headers and bodies that the library stumbles over are nobody's honest reply.
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return Incoming(_own_id(raw), "", None, None, is_automatic=True, text="")


def _own_id(raw: bytes) -> str:
    return f"<sha256-{hashlib.sha256(raw).hexdigest()}@unnamed>"


def _read(mail: EmailMessage, raw: bytes, recipient: str) -> Incoming:
    named = " ".join(str(mail.get("Message-ID", "")).split())
    lines = [recipient, *(str(v) for h in ("Delivered-To", "X-Original-To", "To", "Cc") for v in mail.get_all(h, []))]
    found = next((who for _n, address in getaddresses(lines) if (who := whose(address))), (None, None))
    sender = parseaddr(str(mail.get("From", "")))[1].lower()
    return Incoming(
        message_id=named if named and len(named) <= 250 else _own_id(raw),
        sender=sender,
        introduction_id=found[0],
        user_id=found[1],
        is_automatic=_is_automatic(mail, sender),
        text=reply_of(_text(mail)),
    )


def _is_automatic(mail: EmailMessage, sender: str) -> bool:
    """RFC 3834, delivery reports, lists and what older programs say: nothing that a person wrote to us."""
    if str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower() != "no":
        return True
    if mail.get_content_type() in ("multipart/report", "message/delivery-status"):
        return True
    if str(mail.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    has_marks = any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "List-Id", "X-Failed-Recipients"))
    return has_marks or str(mail.get("Return-Path", "")).strip() == "<>" or not sender or bool(_SENDERS.match(sender))


class _Words(HTMLParser):
    """The text of an HTML mail: line ends at blocks, quoted blocks marked, nothing of styles."""

    BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote", "pre"})
    SILENT = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.silent = self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        self.quoted += tag == "blockquote"
        if tag in self.BLOCKS:
            self.out.append("\n> " if self.quoted else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))
        self.quoted = max(0, self.quoted - (tag == "blockquote"))
        if tag in self.BLOCKS:
            self.out.append("\n> " if self.quoted else "\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(" ".join(data.split()) + (" " if data.endswith((" ", "\n")) else ""))


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    content = part.get_content()
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    if part.get_content_type() == "text/html":
        words = _Words()
        words.feed(text)
        text = "".join(words.out)
    return text


def reply_of(text: str) -> str:
    """The new words: without quoted lines and what announces them, without an older mail below, without a signature."""
    lines = _above_older_mail(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MOST_LINES])
    kept: list[str] = []
    for number, line in enumerate(lines):
        if line.lstrip().startswith((">", "＞")):
            continue
        if not _announces(lines, number):
            kept.append(line.rstrip())
    words = "\n".join(kept)
    words = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202d\u202e]", "", words)
    return re.sub(r"\n{3,}", "\n\n", words).strip()


def _above_older_mail(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        following = lines[number + 1 : number + 4]
        is_header = _HEADER.match(line) and any(_HEADERS_ON.match(after) for after in following)
        if line == "-- " or _ORIGINAL.match(line) or is_header:
            return lines[:number]
    return lines


def _announces(lines: list[str], number: int) -> bool:
    """ "On Monday Ana wrote:" in one line or two, right above quoted text or at the end of the mail."""
    below = next((line for line in lines[number + 1 : number + 4] if line.strip()), ">")
    is_last = below.lstrip().startswith((">", "＞"))
    line = lines[number]
    if is_last and (_WROTE.search(line) or re.search(r"<[^<>\s]+@[^<>\s]+>\s*[:：]?\s*$", line)):
        return True
    # The first half of an announcement that was broken over two lines.
    return (
        not is_last
        and len(line) < 120
        and bool(_WROTE.search(below))
        and _announces(lines, lines.index(below, number))
        and bool(re.match(r"\s*(?:on|el|le|em|am|il)\b", line, re.IGNORECASE))
    )
