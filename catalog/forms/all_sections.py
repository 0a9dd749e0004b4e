"""Which form answers which section of a solution."""

from catalog.completeness import Section
from catalog.forms.evidence import CLAIM_FORMS, CapabilitiesForm
from catalog.forms.references import ReferenceFormSet
from catalog.forms.sections import PLAIN_FORMS, SolutionForm

FORMS: dict[str, type[SolutionForm]] = {str(form.slug): form for form in (*PLAIN_FORMS, *CLAIM_FORMS, CapabilitiesForm)}
# References are several blocks, not one: the form set has the same `write`, `take_over` and `refuse`.
ALL = {**FORMS, Section.REFERENCES.value: ReferenceFormSet}
