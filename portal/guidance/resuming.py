"""Where to go on with a draft: on another device, after a break. The address is no secret and opens nothing by itself;
whoever follows it signs in and lands on the step."""

from dataclasses import dataclass
from typing import Any

import qrcode
from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from qrcode.image.svg import SvgPathImage

from catalog.completeness import Section
from catalog.views.editing import own_solution
from cities.answers import ORDER
from cities.views.wizard import own_demand
from portal.common.translated import original

ROUTES = {"demand": "cities:demand", "solution": "catalog:solution"}
SECTIONS = {"demand": frozenset(ORDER), "solution": frozenset(Section.values)}


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a draft; ``section`` empty is its overview."""

    kind: str
    public_id: str
    title: str
    section: str

    def path(self) -> str:
        """In the active language, with its prefix."""
        name = ROUTES[self.kind]
        if self.section:
            return reverse(f"{name}-section", args=[self.public_id, self.section])
        return reverse(f"{name}-edit", args=[self.public_id])

    def path_without_language(self) -> str:
        with translation.override("en"):
            return self.path().removeprefix("/en")

    def url(self) -> str:
        return f"{settings.SITE_URL}{self.path()}"


def place_of(request: HttpRequest, kind: str, public_id: str) -> Place:
    """The place that an address names, of the reader's own records. Raises Http404 for anything else."""
    if kind not in ROUTES:
        raise Http404
    record: Any = own_demand(request, public_id) if kind == "demand" else own_solution(request, public_id)
    section = request.GET.get("section", "")
    title = original(record, "title" if kind == "demand" else "name")
    return Place(kind, public_id, title, section if section in SECTIONS[kind] else "")


def qr_of(text: str) -> SafeString:
    """A picture for the camera of a telephone. Black on white in every mode: cameras need it so."""
    image = qrcode.make(text, image_factory=SvgPathImage, box_size=10, border=2)
    svg = str(image.to_string(encoding="unicode"))
    return SafeString(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))
