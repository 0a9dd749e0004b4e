"""What mails about an introduction hold beyond their sentence: the words themselves, times, calendar files."""

from django.conf import settings
from django.utils.translation import gettext as _

from matching.introductions.addresses import reply_address
from matching.introductions.calendars import calendar_of
from matching.introductions.models import Meeting, Question
from matching.introductions.times import in_words
from matching.models import Message
from portal.notices.enclosures import NOTHING, Enclosure, File, encloses
from portal.notices.models import Notice


def _pk(notice: Notice) -> int:
    return int(notice.event.split(":")[1])


@encloses("message_posted")
def message(notice: Notice) -> Enclosure:
    """The words as they were written, and an address by which an answer comes back into the thread."""
    row = Message.objects.select_related("author", "organisation").filter(pk=_pk(notice)).first()
    if row is None:
        return NOTHING
    address = reply_address(row.introduction_id, notice.recipient_id)
    who = f"{row.author.name}, {row.organisation.name if row.organisation else 'ICLEI'}"
    paragraphs = [_("Written by %(who)s.") % {"who": who}]
    if address:
        paragraphs.append(
            _("You can answer this mail: what you write appears in the thread, for both sides and ICLEI.")
        )
    return Enclosure(tuple(paragraphs), quoted=row.body, quoted_language=row.language, reply_to=address)


@encloses("answer_released")
def answer(notice: Notice) -> Enclosure:
    row = Question.objects.filter(pk=_pk(notice), state="released").first()
    if row is None:
        return NOTHING
    return Enclosure(quoted=f"{row.text}\n\n— {row.answer}", quoted_language=row.answer_language)


@encloses("meeting_proposed", "meeting_moved", "meeting_agreed", "meeting_cancelled")
def meeting(notice: Notice) -> Enclosure:
    """The times in the reader's zone and the city's; a calendar file once there is one to keep."""
    row = Meeting.objects.with_records().filter(pk=_pk(notice)).first()
    if row is None:
        return NOTHING
    city = row.introduction.match.demand.city
    zones = (city.time_zone if city else "", row.zone)
    times = [row.starts_at] if row.starts_at else [one.starts_at for one in row.times.all()]
    lines = [row.subject, *(in_words(moment, *zones) for moment in times), row.place, row.note]
    files: tuple[File, ...] = ()
    if row.starts_at is not None:
        method = "CANCEL" if row.state == "cancelled" else "REQUEST"
        link = f"{settings.SITE_URL}/{notice.recipient.language}{notice.path}"
        content = calendar_of(row, reader=notice.recipient, link=link)
        files = (File("meeting.ics", content, f"text/calendar; method={method}; charset=utf-8"),)
    return Enclosure(tuple(line for line in lines if line), files=files)
