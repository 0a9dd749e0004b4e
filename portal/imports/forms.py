from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.common.forms import BaseForm


class OwnListForm(BaseForm):
    """The file, and the language in which it is written; for whom, only of people who write for several."""

    organisation = forms.ChoiceField(label=_("For which organisation?"))
    file = forms.FileField(
        label=_("Your list of projects"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("CSV or Excel (XLSX), up to 200 rows. One row a project, with a column “title”."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("In which language is it written?"), choices=settings.LANGUAGES)

    def __init__(
        self, data: Mapping[str, Any] | None, files: Any, *, organisations: list[Organisation], language: str
    ) -> None:
        self.organisations = {item.public_id: item for item in organisations}
        super().__init__(data, files, initial={"language": language})
        self.fields["organisation"].choices = [(key, str(item)) for key, item in self.organisations.items()]
        if len(organisations) == 1:
            del self.fields["organisation"]

    @property
    def chosen_organisation(self) -> Organisation:
        chosen = self.cleaned_data.get("organisation")
        return self.organisations[chosen] if chosen else next(iter(self.organisations.values()))
