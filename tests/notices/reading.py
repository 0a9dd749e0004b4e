"""What is wrong with a mail, found by reading it beside the same mail in English."""

import html
import re
from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from portal.common.context import language_tag

READER = "Ana Pérez"
LINK = re.compile(r"https?://[^\s<>\"]+")
# What is the same in every language: addresses, names, quoted values, what a program says of itself.
SAME = re.compile(rf"{LINK.pattern}|«[^»]*»|“[^”]*”|[^\s@]+@[^\s@]+|{READER}|UrbanLink|ICLEI|\d[\d.:-]*|Firefox")
SCRIPTS = {"ko": r"[\uac00-\ud7a3]", "ja": r"[\u3040-\u30ff]", "zh-hans": r"[\u4e00-\u9fff]"}
OPEN_HOLES = ("%(", "{{", "{%", "{}", "None")
LONGEST_SUBJECT = 100


def html_of(message: Any) -> str:
    return str(message.alternatives[0][0]) if message.alternatives else ""


def texts(message: Any) -> list[str]:
    """The first sentence of plain text and of HTML, whatever of it fits into the subject."""
    return [message.body, html_of(message)]


def faults(message: Any, english: Any, language: str, *, is_translated: bool = False) -> list[str]:
    wrong = [f"open hole {hole}" for hole in OPEN_HOLES for text in (message.subject, *texts(message)) if hole in text]
    if "\n" in message.subject or not 0 < len(message.subject) <= LONGEST_SUBJECT:
        wrong.append(f"subject: {message.subject!r}")
    if message.alternatives:
        wrong += [f"only in the plain text: {line}" for line in only_in_text(message)]
        if f'<html lang="{language_tag(language)}">' not in html_of(message):
            wrong.append("the HTML says another language")
        if message.extra_headers["Content-Language"] != language_tag(language):
            wrong.append("the header says another language")
    if language in SCRIPTS and not re.search(SCRIPTS[language], message.body):
        wrong.append("not in its script")
    if language != "en" and not is_translated:
        wrong += [f"English: {line}" for line in untranslated(message, english)]
    return wrong + [f"{link} leads nowhere" for link in LINK.findall(message.body) if not leads(link, language)]


def untranslated(message: Any, english: Any) -> list[str]:
    """Lines of words that stand in the English mail, too."""
    known = {SAME.sub("", line).strip() for line in [english.subject, *english.body.splitlines()]}
    lines = {SAME.sub("", line).strip() for line in [message.subject, *message.body.splitlines()]}
    return sorted(line for line in lines & known if len(re.findall(r"[A-Za-z]{2,}", line)) > 1)


def only_in_text(message: Any) -> list[str]:
    shown = _letters(html.unescape(re.sub(r"<[^>]+>", " ", html_of(message))))
    lines = (LINK.sub("", line) for line in message.body.splitlines())
    return [line for line in lines if _letters(line) not in shown]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def leads(link: str, language: str) -> bool:
    """To a page of ours in the reader's language."""
    path = link.removeprefix(settings.SITE_URL)
    if not path.startswith(f"/{language}/"):
        return path in ("", "/")
    with translation.override(language):
        try:
            resolve(path.partition("?")[0])
        except Resolver404:
            return False
    return True
