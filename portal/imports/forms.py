from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms import ForOrganisationForm
from portal.accounts.models import Organisation


class OwnListForm(ForOrganisationForm):
    """The file, and the language in which it is written."""

    file = forms.FileField(
        label=_("Your list of projects"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("CSV or Excel (XLSX), up to 200 rows. One row a project, with a column “title”."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("In which language is it written?"), choices=settings.LANGUAGES)

    def __init__(
        self, data: Mapping[str, Any] | None, files: Any, *, organisations: list[Organisation], language: str
    ) -> None:
        super().__init__(data, files, organisations=organisations, initial={"language": language})
