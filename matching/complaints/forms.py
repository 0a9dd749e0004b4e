"""What people type when they object or report, and what ICLEI answers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from matching.complaints.enums import Finding, FlagReason
from matching.complaints.models import Complaint
from matching.complaints.parties import concern_of
from matching.complaints.rules import can_own
from matching.complaints.subjects import SUBJECTS
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import User
from portal.common.forms import BaseForm
from portal.common.ordering import by_name


def box(label: Any, *, most: int, required: bool = True, help_text: Any = "", rows: int = 5) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text, widget=area)


class ComplaintForm(BaseForm):
    words = box(
        _("What is wrong with the decision?"), most=4000, help_text=_("Only whoever examines it reads this.")
    )  # fmt: skip
    wish = box(_("What should ICLEI do?"), most=2000, required=False, rows=3)
    language = forms.ChoiceField(label=_("Language of your text"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()


class AnswerForm(BaseForm):
    finding = forms.ChoiceField(label=_("What is your finding?"), choices=Finding.choices, widget=forms.RadioSelect)
    answer = box(_("Answer"), most=4000, help_text=_("Whoever complained reads this. Say what you looked at."))
    reopen = forms.BooleanField(label=_("Look at the matter again: it goes back to the queue"), required=False)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if complaint.about in SUBJECTS:
            del self.fields["reopen"]  # whoever runs it is told, and opens it again


class AppealForm(BaseForm):
    words = box(
        _("Why do you appeal?"), most=4000, help_text=_("The neutrality officer reads this. You can appeal once.")
    )


class OwnerForm(BaseForm):
    owner = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who examines it?"))

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        concern = concern_of(complaint.about, complaint.item)
        roles = [StaffRoleKind.MODERATOR, StaffRoleKind.NEUTRALITY]
        people = User.objects.filter(staffrole__role__in=roles, is_active=True).distinct()
        fit = [person.pk for person in people if can_own(person, complaint, concern)]
        self.fields["owner"].queryset = User.objects.filter(pk__in=fit).order_by(*by_name())


class FlagForm(BaseForm):
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=FlagReason.choices, widget=forms.RadioSelect)
    words = box(_("In your words"), most=2000, required=False, rows=3)


class FlagAnswerForm(BaseForm):
    answer = box(_("Answer"), most=2000, rows=3, help_text=_("Whoever reported it reads this."))
