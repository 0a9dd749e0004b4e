"""What the mail about a saved search holds: the titles of what is new, as far as its owner may still read them."""

from django.utils.translation import ngettext

from portal.common.translated import shown
from portal.notices.enclosures import NOTHING, Enclosure, encloses
from portal.notices.models import Notice
from portal.searches.listings import LISTINGS
from portal.searches.models import SavedSearch

MOST = 10


@encloses("search_found")
def new_results(notice: Notice) -> Enclosure:
    kind, key, last = (*notice.event.split(":"), "", "")[:3]
    search = SavedSearch.objects.filter(pk=key).select_related("user").first() if kind == "search" else None
    if search is None:
        return NOTHING
    listing = LISTINGS[search.subject]
    told = search.told.filter(pk__lte=last).order_by("-pk").values_list("reference", flat=True)
    references = list(told[: int(notice.params["count"])])
    records = listing.readable(search.user).filter(public_id__in=references).order_by(f"-{listing.since}", "-pk")
    titles = [shown(record, listing.title).text for record in records]
    more = len(titles) - MOST
    rest = ngettext("… and %(count)s more, in the portal.", "… and %(count)s more, in the portal.", more)
    return Enclosure((*titles[:MOST], *([rest % {"count": more}] if more > 0 else [])))
