"""Times, files and meetings in the reader's words, and the links by which these pages are found."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.models import Demand
from cities.rules import can_read_ranking
from matching.introductions.models import Document, FollowUp, Meeting
from matching.introductions.pack_actions import can_remove
from matching.introductions.rules import can_express_interest, can_see_clean_file, can_see_pack
from matching.introductions.times import in_words
from matching.introductions.views.meetings import zones_of
from portal.common.templatetags.formats import date

register = template.Library()


@register.simple_tag
def in_zones(moment: datetime | None, *zones: str) -> str:
    """In the reader's zone, and in those given where their clocks differ."""
    return in_words(moment, *zones) if moment else ""


@register.simple_tag
def document_meta(document: Document) -> list[SafeString | str]:
    who = document.organisation.name if document.organisation else "ICLEI"
    return [who, date(document.created_at), filesizeformat(document.size)]


@register.simple_tag(takes_context=True)
def may_remove(context: Context, document: Document) -> bool:
    return can_remove(context["request"].user, document)


@register.simple_tag
def meeting_meta(meeting: Meeting) -> list[str]:
    if meeting.starts_at:
        return [in_words(meeting.starts_at, *zones_of(meeting))]
    count = len(meeting.times.all())
    return [ngettext("%(count)s time is proposed", "%(count)s times are proposed", count) % {"count": count}]


@register.simple_tag
def follow_up_meta(follow_up: FollowUp) -> list[Any]:
    answers = len(follow_up.answers.all())
    asked = ngettext("%(count)s month", "%(count)s months", follow_up.months) % {"count": follow_up.months}
    given = ngettext("%(count)s answer of 2", "%(count)s answers of 2", answers) % {"count": answers}
    return [asked, date(follow_up.due_on), given]


@register.inclusion_tag("matching/introductions/_links.html", takes_context=True)
def pack_links(context: Context, demand: Demand) -> dict[str, Any]:
    """From the page of a demand to its pack, its clean file, or the form by which a provider shows interest."""
    reader, links = context["request"].user, []
    is_inner = can_read_ranking(reader, demand)
    is_begun = demand.published_at is not None and demand.organisation_id is not None
    if is_begun and is_inner:
        links.append(
            (_("Pack and questions"), reverse("introductions:pack-detail", args=[demand.public_id]), "secondary")
        )
    if is_begun and can_see_clean_file(reader, demand):
        links.append((_("Clean file"), reverse("introductions:clean-file", args=[demand.public_id]), "secondary"))
    if is_begun and not is_inner and can_express_interest(reader, demand):
        if can_see_pack(reader, demand):
            url = reverse("introductions:pack-detail", args=[demand.public_id])
            links.append((_("Pack and questions"), url, "primary"))
        else:
            url = reverse("introductions:interest-express", args=[demand.public_id])
            links.append((_("Express interest"), url, "secondary"))
    return {"links": links}
