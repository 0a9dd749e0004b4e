"""What a city is asked to confirm: the facts of a reference as they stand, and a fingerprint of them."""

import hashlib
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from catalog.confirmations.models import CityConfirmation
from catalog.models import Reference
from portal.accounts.domains import domain_of_email, domain_of_website
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.common.translated import original

_SALT = "catalog.confirmations.question"
FACTS = ("city_name", "country", "status", "started_on", "ended_on", "results", "lessons", "cost", "currency")


def facts_of(reference: Reference) -> dict[str, Any]:
    """Plain values, for keeping: what the solution and its provider are called, and what is said of the city."""
    stated = {name: getattr(reference, name) for name in FACTS}
    plain = {name: str(value) for name, value in stated.items() if value not in (None, "")}
    solution = reference.solution
    return {"solution": original(solution, "name"), "provider": solution.provider.organisation.name, **plain}


def fingerprint(reference: Reference) -> str:
    return hashlib.sha256(repr(sorted(facts_of(reference).items())).encode()).hexdigest()[:16]


def token_of(question: CityConfirmation) -> str:
    """What the mailed link carries; nothing secret is stored."""
    return signing.dumps(question.public_id, salt=_SALT)


def question_of(token: str) -> CityConfirmation | None:
    """The question of a link, whatever became of it; None for a link that this portal did not write."""
    try:
        key = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    asked = CityConfirmation.objects.select_related("reference__solution__provider__organisation", "asked_by")
    return asked.filter(public_id=key).first()


def sum_of(email: str) -> str:
    """By which an address is known again without being kept."""
    return salted_hmac(_SALT, email.strip().lower(), algorithm="sha256").hexdigest()


def is_of_a_provider(domain: str) -> bool:
    """Whether a provider that is registered here uses the domain: nobody confirms their own claims."""
    return any(domain in domains_of(item) for item in _using(domain, OrganisationKind.PROVIDER))


def is_of_a_city(domain: str) -> bool:
    """Whether a city body that ICLEI has verified uses the domain."""
    return any(domain in domains_of(item) for item in _using(domain, OrganisationKind.CITY) if item.is_verified)


def _using(domain: str, kind: str) -> list[Organisation]:
    found = Organisation.objects.filter(kind=kind)
    by_site, by_mail = found.filter(website__icontains=domain), found.filter(members__email__iendswith=domain)
    return list((by_site.distinct() | by_mail.distinct()).prefetch_related("members"))


def domains_of(organisation: Organisation) -> set[str]:
    addresses = {domain_of_email(person.email) for person in organisation.members.all()}
    return {*addresses, domain_of_website(organisation.website)} - {""}


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
