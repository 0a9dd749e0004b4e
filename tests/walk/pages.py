"""Every page of the portal, in every state that the access policy names, and some more that differ in what is asked.

A route of the policy that somebody may read is a page here by itself; what answers no page stands in ``ELSEWHERE``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from catalog.forms.all_sections import FORMS as SOLUTION_FORMS
from cities.forms.answers import FORMS as DEMAND_FORMS
from tests.access.asking import path_of
from tests.access.policy import POLICY, Line, public, record
from tests.access.world import AccessWorld

# Who reads, the first of these who may: people for whom a page was made come before those who look after it.
READERS = (
    "visitor", "city_admin", "provider_admin", "moderator", "programme", "expert", "neutrality", "back_office",
    "other_city_admin", "other_provider_admin", "pending_city_admin",
)  # fmt: skip

SECTIONS_BY_HAND = ("what", "capabilities")
READER = {"catalog:solution-new": "provider_admin"}  # others are led to where they register

# What somebody may read and is no page: it must answer something else, and the walk asks that it does.
FILES = "a file"
ONWARD = "leads on to another page"
ELSEWHERE = {
    "livez": "a word for machines",
    "readyz": "a word for machines",
    "searches:suggestions": "a word for machines",
    **dict.fromkeys(("robots", "manifest", "old-icon", "sitemap", "sitemap-section"), "a word for machines"),
    **dict.fromkeys(
        (
            "matching:ranking-configuration", "catalog:solution-download", "cities:demand-download",
            "matching:gap-download", "accounts:evidence-file", "introductions:clean-file-download",
            "introductions:document-download", "cities:demand-picture", "catalog:solution-picture",
            "introductions:meeting-calendar", "matching:demand-brief-file",
            "programmes:results-file", "programmes:programme-calendar", "programmes:event-calendar",
        ),
        FILES,
    ),
    **dict.fromkeys(
        (
            "catalog:solution-submit", "cities:demand-submit", "cities:body-choose", "imports:own-list-check",
            "searches:search-open", "account_logout", "account_set_password", "mfa_reauthenticate", "mfa_authenticate",
            "mfa_generate_recovery_codes", "mfa_activate_totp", "catalog:solution-submitted",
        ),
        ONWARD,
    ),
    "catalog:solution-edit[listed]": ONWARD,
    "catalog:solution-criteria[listed]": ONWARD,
    "catalog:solution-check[listed]": ONWARD,
    "catalog:solution-revise[draft]": ONWARD,
    "catalog:solution-revise[submitted]": ONWARD,
    "catalog:solution-move[restore]": ONWARD,
    "confirmations:solution-renew[foreign]": ONWARD,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """``more`` takes the place of arguments of the policy's line, ``query`` comes behind the address."""

    route: str
    variant: str
    line: Line
    more: dict[str, Any] = field(default_factory=dict, hash=False)
    query: str = ""
    reader: str = ""

    @property
    def name(self) -> str:
        words = [self.variant, *map(str, self.more.values()), self.reader, self.query.lstrip("?")]
        return f"{self.route}[{' '.join(filter(None, words))}]".removesuffix("[]")

    @property
    def persona(self) -> str:
        assert self.line.read
        return self.reader or READER.get(self.route) or next(name for name in READERS if name in self.line.read)

    @property
    def is_public(self) -> bool:
        return bool(self.line.read) and "visitor" in (self.line.read or ()) and not self.query

    def path(self, world: AccessWorld, language: str = "en") -> str:
        with translation.override(language):
            return path_of(self.route, {**self.line.of(world), **self.more}) + self.query


def _named() -> Iterator[Page]:
    for route, variants in POLICY.items():
        if not route.startswith("api-") or route == "api-docs":
            for variant, line in variants.items():
                if line.read and not {route, f"{route}[{variant}]"} & set(ELSEWHERE):
                    yield Page(route, variant, line)


def _of(route: str, variant: str = "", *, query: str = "", reader: str = "", **more: Any) -> Page:
    return Page(route, variant, POLICY[route][variant], more, query, reader)


def _more() -> Iterator[Page]:
    yield from (_of("cities:demand-section", "draft", section=slug) for slug in DEMAND_FORMS if slug != "need")
    yield from (
        _of("catalog:solution-section", "draft", section=slug)
        for slug in SOLUTION_FORMS
        if slug not in SECTIONS_BY_HAND
    )
    yield _of("catalog:solution-section", "draft", section="capabilities", query="?criterion=trl&criterion=iso_9001")
    for reader in ("provider_admin", "moderator", "expert", "programme", "newcomer", "neutrality"):
        yield _of("home-mine", reader=reader)
    lists = ("catalog:solution-list", "cities:demand-list")
    for route in lists:
        yield _of(route, query="?focus=mobility&q=nothing&place=Atlantis")
        yield _of(route, query="?q=LED&focus=smart_energy")
    yield _of("cities:demand-detail", "public", reader="city_admin")
    yield _of("catalog:solution-detail", "listed", reader="provider_admin")
    yield _of("catalog:provider-edit", query="?step=2")
    yield _of("cities:body-register", query="?q=test", reader="newcomer")
    yield _of("cities:body-register", query="?q=atlantis", reader="newcomer")
    yield _of("matching:gap", query="?focus=smart_energy&place=142&language=fr")
    yield _of("matching:queue", query="?kind=overdue")
    yield _of("matching:queue", query="?place=142&language=xx")
    yield _of("styleguide", query="?state=draft&search=heat")
    yield Page("cities:demand-detail", "very long", public(of=record("demand_very_long")))
    yield Page("catalog:solution-detail", "very long", public(of=record("solution_very_long")))


PAGES = (*_named(), *_more())
