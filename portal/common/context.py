"""What base.html needs to know about the site, the address and the language. Nothing is computed before it is used."""

import re
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language

from portal.common import pseudo
from portal.common.languages import BY_CODE


class LanguageLink(NamedTuple):
    """The same page in another language. ``url`` keeps the query; ``absolute_url`` is for search engines."""

    code: str
    tag: str
    name: str
    url: str
    absolute_url: str
    is_current: bool


def language_tag(code: str) -> str:
    """BCP 47 spelling for `lang` attributes: ``zh-hans`` → ``zh-Hans``. Content may be in a language not ours."""
    return BY_CODE[code].tag if code in BY_CODE else code


class Site:
    """Of one request. Attributes are lazy, because most answers (redirects, JSON) need none of them."""

    name = settings.SITE_NAME
    contact_email = settings.CONTACT_EMAIL
    catches_mails = settings.CATCHES_MAILS

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.language_code = get_language() or settings.LANGUAGE_CODE

    @property
    def url(self) -> str:
        return settings.SITE_URL.rstrip("/")

    @property
    def language_tag(self) -> str:
        return pseudo.TAG if pseudo.is_active() else language_tag(self.language_code)

    @property
    def language_name(self) -> str:
        return dict(settings.LANGUAGES).get(self.language_code, self.language_code)

    @property
    def og_locale(self) -> str:
        return self.language_tag.replace("-", "_")

    @property
    def canonical(self) -> str:
        return self.url + self._request.path + self._page

    @cached_property
    def _page(self) -> str:
        """A further page of a whole list is a page of its own; every other query shows what another address shows."""
        asked = self._request.GET
        number = asked.get("page", "")
        return f"?page={number}" if len(asked) == 1 and re.fullmatch(r"[1-9]\d{0,5}", number) and number != "1" else ""

    @cached_property
    def any_language_url(self) -> str:
        """The address without a language: it answers in the reader's own, which is what x-default means."""
        prefix = f"/{self.language_code}/"
        path = self._request.path
        return self.url + (path[len(prefix) - 1 :] + self._page if path.startswith(prefix) else "/")

    @cached_property
    def languages(self) -> list[LanguageLink]:
        query = self._request.META.get("QUERY_STRING", "")
        tail = f"?{query}" if query else ""
        return [self._link(code, name, tail) for code, name in settings.LANGUAGES]

    def _link(self, code: str, name: str, tail: str) -> LanguageLink:
        path = self._path_in(code)
        return LanguageLink(
            code, language_tag(code), name, path + tail, self.url + path + self._page, code == self.language_code
        )

    def _path_in(self, code: str) -> str:
        """This page in ``code``; the home page when this one has no address in other languages (an error page).

        Only the prefix tells the languages apart, so no address is looked up: it is asked for on every page.
        """
        path, prefix = self._request.path, f"/{self.language_code}/"
        if code == self.language_code:
            return path
        if not path.startswith(prefix) or not self._is_found:
            return f"/{code}/"
        return f"/{code}/{escape_uri_path(path[len(prefix) :])}"

    @cached_property
    def _is_found(self) -> bool:
        """Whether the address is one of the portal's, if only of a record that is not there."""
        return self._request.resolver_match is not None or is_valid_path(self._request.path)


def site(request: HttpRequest) -> dict[str, object]:
    """Context processor. `portal`, because other packages' views bring a `site` of their own; the two error entries
    are the defaults that `render_form` overrides.
    """
    return {"portal": Site(request), "page_has_errors": False, "error_forms": []}
