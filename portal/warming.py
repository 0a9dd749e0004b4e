"""What a process builds once, built before it takes requests, so that nobody waits for it.

Everything here comes from files: the database may be away when a process starts.
"""

import gc

from django.urls import get_resolver, reverse
from django.utils import translation

from portal.common.geography import country_choices, region_choices
from portal.common.languages import CODES, format_number
from portal.searches.bridge import concepts


def warm() -> None:
    """Addresses with the views behind them; the words of concepts; names of countries and ways to write numbers."""
    concepts()
    get_resolver().url_patterns  # noqa: B018 -- reading it imports every view
    for code in CODES:
        with translation.override(code):
            reverse("cities:demand-list")
            country_choices(code)
            region_choices(code)
            format_number(1000, code)
    # What stands now stays for the life of the process: the collector need not walk through it in the midst of a page.
    gc.collect()
    gc.freeze()
