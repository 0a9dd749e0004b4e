"""A city's own list: read like a public source, looked at row by row, taken as drafts of the city."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from cities.models import Demand
from tests.conftest import World
from tests.factories import DemandFactory

pytestmark = pytest.mark.django_db
SEND, CHECK = "/en/own-list/", "/en/own-list/check/"
LIST = "title;problem;budget;currency;start;city\nCool the schools;32 degrees in June;1.200.000;EUR;2027-03-01;Paris\n"


def csv_file(text: str = LIST, name: str = "plan.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def send(client: Any, file: SimpleUploadedFile, language: str = "en") -> Any:
    return client.post(SEND, {"file": file, "language": language})


def test_rows_are_shown_before_anything_is_written(world: World, client_of: Any) -> None:
    client, before = client_of(world.city_editor), Demand.objects.count()
    assert send(client, csv_file()).url == CHECK
    page = client.get(CHECK)
    assert "Cool the schools" in page.content.decode()
    assert (page.context["ticked"], Demand.objects.count()) == ({2}, before)


def test_ticked_rows_become_drafts_of_the_city_wherever_the_file_says_they_are(world: World, client_of: Any) -> None:
    client = client_of(world.city_editor)
    send(client, csv_file())
    assert client.post(CHECK, {"row": ["2"]}).status_code == 302
    draft = Demand.objects.get(title_en="Cool the schools")
    assert (draft.state, draft.organisation, draft.city, draft.source) == (
        "draft", world.city.organisation, world.city.city, "",
    )  # fmt: skip
    assert (draft.problem_en, draft.budget_max, draft.currency, draft.start_on) == (
        "32 degrees in June", 1_200_000, "EUR", date(2027, 3, 1),
    )  # fmt: skip
    assert client.get(CHECK).url == SEND


def test_workbook_is_read_and_the_language_is_the_one_chosen(world: World, client_of: Any) -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["title", "problem"])
    book.active.append(["가로등 교체", "자주 고장이 납니다"])
    book.save(file)
    client = client_of(world.city_approver)
    send(client, SimpleUploadedFile("plan.xlsx", file.getvalue()), "ko")
    client.post(CHECK, {"row": ["2"]})
    draft = Demand.objects.get(original_language="ko")
    assert (draft.title_ko, draft.problem_ko) == ("가로등 교체", "자주 고장이 납니다")


def test_row_that_cannot_be_taken_says_why_and_is_not_taken(world: World, client_of: Any) -> None:
    client = client_of(world.city_editor)
    send(client, csv_file("title,start,end\n,2027-01-01,\nRoofs,2027-05-01,2027-01-01\nTrees,2027-01-01,\n"))
    rows = client.get(CHECK).context["rows"]
    assert [row.is_good for row in rows] == [False, False, True]
    assert "every record needs it" in rows[0].errors[0]
    client.post(CHECK, {"row": ["2", "3", "4"]})
    assert list(Demand.objects.filter(state="draft").values_list("title_en", flat=True)) == ["Trees"]


def test_title_that_the_city_has_already_is_not_ticked_and_leads_there(world: World, client_of: Any) -> None:
    twin = DemandFactory(body=world.city, title="Cool the schools")
    client = client_of(world.city_editor)
    send(client, csv_file())
    page = client.get(CHECK)
    assert page.context["ticked"] == set()
    assert twin.public_id in page.content.decode()


def test_nothing_ticked_is_refused_and_the_rows_stay(world: World, client_of: Any) -> None:
    client = client_of(world.city_editor)
    send(client, csv_file())
    refused = client.post(CHECK, {})
    assert (refused.status_code, "Cool the schools" in refused.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (csv_file("name of it,cost\nRoofs,3\n"), "no column for the title"),
        (csv_file("title\n"), "no rows"),
        (csv_file("title\n" + "Roofs\n" * 201), "more than 200 rows"),
        (csv_file("title\n" + "x" * 400_001 + "\n"), "too long"),
        (SimpleUploadedFile("plan.xlsx", b"PK\x03\x04 broken"), ""),
        (SimpleUploadedFile("plan.csv", b"\xff\xd8\xff\xe0 picture"), ""),
    ],
)
def test_file_that_cannot_be_taken_says_why(world: World, client_of: Any, file: SimpleUploadedFile, words: str) -> None:
    file.seek(0)
    response = send(client_of(world.city_editor), file)
    assert (response.status_code, words in response.content.decode()) == (422, True)


def test_formula_is_text(world: World, client_of: Any) -> None:
    client = client_of(world.city_editor)
    send(client, csv_file('title,problem\nRoofs,"=HYPERLINK(""http://x"")"\n'))
    client.post(CHECK, {"row": ["2"]})
    assert Demand.objects.get(title_en="Roofs").problem_en == '=HYPERLINK("http://x")'


def test_somebody_without_a_city_is_led_to_register_one(world: World, client_of: Any) -> None:
    assert client_of(world.provider_admin).get(SEND).url == "/en/register/city/"


def test_rows_of_a_city_that_one_left_are_not_taken(world: World, client_of: Any) -> None:
    client = client_of(world.city_editor)
    send(client, csv_file())
    world.city_editor.membership_set.all().delete()
    assert client.post(CHECK, {"row": ["2"]}).status_code == 302
    assert not Demand.objects.filter(title_en="Cool the schools").exists()
