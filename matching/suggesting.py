"""What a record's text is probably about, for its author to confirm or change with one click."""

from catalog.models import Solution, Topic
from cities.models import Demand
from matching.adapters import demand_sample, solution_sample, vocabulary_reader
from matching.reading import Stated
from matching.vectors import assembled, current_backend, read_vectors, wording_of_demand, wording_of_solution

# A topic is only put forward with this share of the whole: about four in five of those are right.
SURE = 0.25
MOST = 3


def probable_topics(record: Demand | Solution) -> list[Topic]:
    """The likeliest topics, the first one first; none where the author has named topics or nothing is sure enough.

    Read from the words, and from the vector where the text was encoded already; nothing is encoded here.
    """
    if record.topics.all() and not record.focus_guessed:
        return []
    is_demand = isinstance(record, Demand)
    wording = wording_of_demand(record) if is_demand else wording_of_solution(record)
    sample = demand_sample(record) if is_demand else solution_sample(record)
    encoded, space = assembled(wording, read_vectors([wording])), current_backend().id
    shares = vocabulary_reader().read(sample, wording, encoded, space, _stated(record)).subject
    likely = sorted((code for code in shares if shares[code] >= SURE), key=lambda code: (-shares[code], code))[:MOST]
    found = Topic.objects.select_related("focus_area").in_bulk(likely, field_name="code") if likely else {}
    return [found[code] for code in likely]


def _stated(record: Demand | Solution) -> Stated:
    """The areas that the author has chosen: topics of others would contradict it."""
    if record.focus_guessed or not record.focus_area:
        return Stated()
    return Stated(areas=[record.focus_area.code, *(area.code for area in record.more_focus_areas.all())])
