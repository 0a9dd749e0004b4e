"""Which language answers: the address's, else the account's, else the browser's, else English.

A program that calls the API says by Accept-Language what it wants; only one that says nothing gets its account's.
"""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest
from django.middleware import locale
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.common import pseudo
from portal.common.languages import BY_CODE, normalise_language

API = "/api/"


class LocaleMiddleware(locale.LocaleMiddleware):
    """Django's, which also adds the language to addresses that lack it, with our order of who decides."""

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(negotiated(request))
        request.LANGUAGE_CODE = translation.get_language()
        if getattr(request, "is_pseudo", False) and request.LANGUAGE_CODE == "en":
            pseudo.activate()


def negotiated(request: HttpRequest) -> str:
    of_address = translation.get_language_from_path(request.path_info)
    if of_address:
        return of_address
    if request.path_info.startswith(API):
        return of_browser(request) or of_account(request) or settings.LANGUAGE_CODE
    return of_account(request) or of_browser(request) or settings.LANGUAGE_CODE


def of_account(request: HttpRequest) -> str:
    """Asked before the middleware that fills request.user, and kept for it; without a session nobody is looked up."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    language = str(getattr(get_user(request), "language", ""))
    return language if language in BY_CODE else ""


def of_browser(request: HttpRequest) -> str:
    """The first of its wishes that is ours in any spelling: pt-BR is Portuguese, zh-TW the Chinese that we have."""
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if tag == "*":
            break
        if code := normalise_language(tag):
            return code
    return ""


def in_language(url: str, language: str) -> str:
    """The same page of this portal in another language; an address without a language stays as it is."""
    parts = urlsplit(url)
    first, slash, rest = parts.path.lstrip("/").partition("/")
    is_page = first in BY_CODE and slash
    return urlunsplit(parts._replace(path=f"/{language}/{rest}")) if is_page else url
