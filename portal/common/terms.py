"""Words of this portal that a reader need not know, each explained once, here. docs/glossary.md has them all."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Term(NamedTuple):
    label: Any
    text: Any


TERMS = {
    "readiness": Term(
        _("Readiness"),
        _(
            "How complete a demand is for being matched, out of 100, with the next best thing to add. Providers never "
            "see the figure, and it never enters a score."
        ),
    ),
    "must_have": Term(
        _("Must-have"),
        _(
            "A requirement without which a solution cannot be chosen. Whatever fails it is not suggested; what is not "
            "stated is asked for."
        ),
    ),
    "nice_to_have": Term(_("Nice-to-have"), _("A wish that moves a solution up when it is met, and keeps nobody out.")),
    "evidence_grade": Term(
        _("Evidence grade"),
        _(
            "How well something is backed, in four steps: declared by the provider, documented, confirmed by a city "
            "that uses it, verified by a third party."
        ),
    ),
    "pooled_demand": Term(
        _("Pooled demand"),
        _("One demand that several cities make together. It is matched as one, and each city says yes by itself."),
    ),
    "clean_file": Term(
        _("Clean file"),
        _(
            "The record of who saw, asked, met and was ranked how, by which version of the rules. It shows later that "
            "a tender was fair."
        ),
    ),
    "gap": Term(
        _("Gap"),
        _("Demand for which no live solution passes, counted by focus area, region and language, and published."),
    ),
    "match": Term(
        _("Match"),
        _(
            "One demand and one solution considered together, with a score and its reasons. It binds nobody, and "
            "nobody sees the other side before each has said yes."
        ),
    ),
}
