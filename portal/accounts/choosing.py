"""An organisation that is registered here, chosen by typing its name: a list of all would be longer than the page."""

from typing import Any

from django import forms
from django.utils.translation import gettext

from portal.accounts.models import Organisation
from portal.accounts.querysets import OrganisationQuerySet
from portal.common.ordering import by_name

MOST_NAMES = 8


class LooseChoice(forms.ChoiceField):
    """A choice among what a typed name may mean: one left over from another name is no error."""

    def valid_value(self, value: str) -> bool:
        return True


class NamedOrganisation:
    """For a form with a text field for the name, or a part of it, and a LooseChoice for several of that name."""

    named: str
    among: str

    def look_up(self: Any, organisations: OrganisationQuerySet) -> None:
        """Call it once the form is bound: what was typed is looked for, and several are offered."""
        typed = str(self[self.named].value() or "").strip()
        found = organisations.filter(name__icontains=typed).order_by(*by_name())[:MOST_NAMES] if typed else []
        exact = [item for item in found if item.name.casefold() == typed.casefold()]
        self.found = exact if len(exact) == 1 else list(found)
        self.fields[self.among].choices = [(item.public_id, str(item)) for item in self.found]
        if len(self.found) < 2:
            self.fields[self.among].widget = forms.HiddenInput()

    def chosen_organisation(self: Any) -> Organisation | None:
        """Who was meant. Where nobody, or one of several, was, the field to look at says so."""
        chosen = self.cleaned_data.get(self.among)
        by_id = {item.public_id: item for item in self.found}
        found: Organisation | None = self.found[0] if len(self.found) == 1 else by_id.get(chosen or "")
        if found is None and self.cleaned_data.get(self.named):
            many = gettext("Several organisations bear this name. Choose one.")
            none = gettext("No organisation of this name is registered here. Check the spelling.")
            self.add_error(*((self.among, many) if self.found else (self.named, none)))
        return found
