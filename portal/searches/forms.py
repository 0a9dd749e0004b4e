from django import forms

from portal.common.forms import BaseModelForm
from portal.notices.enums import Cadence
from portal.searches.models import SavedSearch


class SavedSearchForm(BaseModelForm):
    class Meta:
        model = SavedSearch
        fields = ("name", "cadence")
        widgets = {"cadence": forms.RadioSelect}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cadence"].choices = Cadence.choices
