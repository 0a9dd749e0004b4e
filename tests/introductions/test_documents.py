"""Files for a pack: what reaches a person is found wherever it stands, and who wrote them is taken out."""

import io
import zipfile
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from fpdf import FPDF
from openpyxl import Workbook, load_workbook
from PIL import Image
from pypdf import PdfReader, PdfWriter

from matching.introductions.contacts import contacts_in
from matching.introductions.document_actions import hand_back_document, release_document
from matching.introductions.document_text import read_document, without_author
from matching.introductions.models import Document, Showing
from matching.introductions.pack_actions import add_pack_document
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.common.uploads import Upload
from portal.jobs.tasks import run_due
from portal.notices.models import Notice
from tests.factories import StaffRoleFactory, UserFactory
from tests.introductions.conftest import Invited, upload

OFFICE, ODF = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
MAIL = "ana@example.org"


def archive(kind: str, **parts: str) -> Upload:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in parts.items():
            written.writestr(name, text)
    return Upload("plan.any", kind, out.getvalue())


def word(text: str = "", **more: str) -> Upload:
    body = f'<?xml version="1.0"?><w:document><w:body><w:p>{text}</w:p></w:body></w:document>'
    return archive(f"{OFFICE}.wordprocessingml.document", **{"word/document.xml": body, **more})


def pdf(*pages: str, link: str = "", author: str = "") -> Upload:
    made = FPDF()
    made.set_font("Helvetica")
    made.set_author(author)
    for text in pages:
        made.add_page()
        made.cell(text=text, link=link or None)
    return Upload("plan.pdf", "application/pdf", bytes(made.output()))


def sheet(text: str) -> Upload:
    book, out = Workbook(), io.BytesIO()
    book.active["A1"] = text
    book.properties.creator = "Ana Prado"
    book.save(out)
    return Upload("plan.xlsx", f"{OFFICE}.spreadsheetml.sheet", out.getvalue())


RUNS = "<w:r><w:t>ana@</w:t></w:r><w:r><w:t>example.org</w:t></w:r>"
COMMENT = f'<w:comments><w:comment w:author="{MAIL}"/></w:comments>'
SLIDE = {"ppt/slides/slide3.xml": f"<a:t>{MAIL}</a:t>"}
RELATION = '<Relationships><Relationship Target="mailto:ana@example.org" TargetMode="External"/></Relationships>'
HIDING = {
    "word, in pieces": lambda: word(RUNS),
    "word, an entity": lambda: word("<w:t>ana&#64;example.org</w:t>"),
    "word, a header": lambda: word(**{"word/header1.xml": f"<w:hdr><w:p><w:t>{MAIL}</w:t></w:p></w:hdr>"}),
    "word, a link": lambda: word(**{"word/_rels/document.xml.rels": RELATION}),
    "word, an author": lambda: word(**{"word/comments.xml": COMMENT}),
    "slides": lambda: archive(f"{OFFICE}.presentationml.presentation", **SLIDE),
    "sheet": lambda: sheet(MAIL),
    "open document": lambda: archive(f"{ODF}.text", **{"content.xml": f"<text:p>{MAIL}</text:p>"}),
    "pdf": lambda: pdf("Nothing", MAIL),
    "pdf, a link": lambda: pdf("Here", link=f"mailto:{MAIL}"),
    "text": lambda: Upload("plan.txt", "text/plain", MAIL.encode()),
}  # fmt: skip


@pytest.mark.parametrize("hidden", HIDING)
def test_contact_is_found_wherever_it_stands(hidden: str) -> None:
    reading = read_document(HIDING[hidden]())
    assert reading.is_whole
    assert [MAIL for _place, words in reading.texts if any(MAIL in found for found in contacts_in(words))] == [MAIL]


def test_ordinary_documents_are_let_through() -> None:
    for upload_ in (
        word("<w:t>9,400 lamps, 2024-03-29, 3.100 MWh (2023)</w:t>"),
        sheet("12.500,00"),
        pdf("Plan 1/2026"),
    ):
        assert [item for _place, words in read_document(upload_).texts for item in contacts_in(words)] == []


def locked() -> Upload:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("Plan").content))), io.BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return Upload("plan.pdf", "application/pdf", out.getvalue())


def scanned() -> Upload:
    made = FPDF()
    made.add_page()
    made.image(Image.new("RGB", (20, 20)))
    return Upload("plan.pdf", "application/pdf", bytes(made.output()))


def bomb() -> Upload:
    return word(**{f"word/footnotes{number}.xml": " " * (15 * 2**20) for number in range(5)})


UNREADABLE = {
    "locked": locked,
    "scanned": scanned,
    "picture": lambda: Upload("site.png", "image/png", b"\x89PNG"),
    "bomb": bomb,
    "entities": lambda: word(**{"word/x.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
    "broken": lambda: Upload("plan.pdf", "application/pdf", b"%PDF-1.7\ntrailer<</Root 9 0 R>>\n%%EOF"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_no_program_can_read_is_known_as_such(what: str) -> None:
    assert not read_document(UNREADABLE[what]()).is_whole


def test_author_of_a_pdf_is_taken_out() -> None:
    plain = without_author(pdf("Plan", author="Ana Prado"))
    assert PdfReader(io.BytesIO(plain.content)).metadata is None
    assert b"Ana Prado" not in plain.content
    assert read_document(plain).texts == [("page 1", "Plan")]


def test_author_of_a_sheet_is_taken_out_and_its_cells_stay() -> None:
    plain = load_workbook(io.BytesIO(without_author(sheet("12 lamps")).content))
    assert plain.active["A1"].value == "12 lamps"
    assert plain.properties.creator != "Ana Prado"


@pytest.mark.django_db
class TestLook:
    def add(self, invited: Invited, file: Upload | None = None, **more: Any) -> Document:
        file = file or Upload("plan.txt", "text/plain", b"Town hall: +34 911 222 333")
        return add_pack_document(by=invited.city_editor, demand=invited.demand, file=file, **more)

    def test_a_contact_is_refused_with_where_it_stands(self, invited: Invited) -> None:
        with pytest.raises(Incomplete, match=r"“ana@example\.org” \(page 2\)") as refused:
            self.add(invited, pdf("Plan", MAIL))
        assert refused.value.missing == ("file",)
        assert Document.objects.count() == 0

    def test_the_name_of_an_official_is_refused(self, invited: Invited) -> None:
        with pytest.raises(Incomplete, match=invited.city_editor.name):
            self.add(invited, Upload("plan.txt", "text/plain", f"Ask {invited.city_editor.name}".encode()))

    def test_a_held_document_is_nobodys_until_it_is_released_to_all(self, invited: Invited) -> None:
        held = self.add(invited, look=True)
        run_due()
        assert held.is_held
        assert not Document.objects.visible_to(invited.provider_editor).exists()
        client = Client()
        client.force_login(invited.provider_editor, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(f"/api/v1/packs/{invited.demand.public_id}/").json()["documents"] == []
        assert not Showing.objects.filter(what="document").exists()
        assert set(Notice.objects.filter(kind="document_held").values_list("recipient", flat=True)) == {
            invited.moderator.pk
        }
        release_document(by=invited.moderator, document=held)
        assert Showing.objects.filter(what="document", act="given").count() == 2
        assert Document.objects.visible_to(invited.other_provider_editor).get() == held

    def test_a_picture_waits_for_a_look(self, invited: Invited) -> None:
        out = io.BytesIO()
        Image.new("RGB", (4, 4)).save(out, "PNG")
        assert self.add(invited, upload("site.png", out.getvalue())).held_for == "unreadable"

    def test_handed_back_the_city_reads_why_and_nobody_else_is_told(self, invited: Invited) -> None:
        held = self.add(invited, look=True)
        run_due()
        mail.outbox.clear()
        hand_back_document(by=invited.moderator, document=held, note="The number rings at one desk.")
        run_due()
        assert all("The number rings at one desk." in letter.subject + letter.body for letter in mail.outbox)
        told = {letter.to[0] for letter in mail.outbox}
        assert invited.city_editor.email in told
        assert invited.provider_editor.email not in told

    def test_a_second_decision_is_refused_with_who_and_when(self, invited: Invited) -> None:
        held = self.add(invited, look=True)
        release_document(by=invited.moderator, document=held)
        with pytest.raises(Conflict) as refused:
            hand_back_document(by=invited.moderator, document=held, note="No.")
        assert refused.value.who == f"user:{invited.moderator.pk}"

    def test_only_a_moderator_releases(self, invited: Invited) -> None:
        with pytest.raises(NotAllowed):
            release_document(by=invited.city_admin, document=self.add(invited, look=True))

    def test_the_page_names_what_was_found_and_releases(self, invited: Invited) -> None:
        held, client = self.add(invited, look=True), Client()
        client.force_login(invited.moderator, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = reverse("introductions:document-review", args=[held.public_id])
        assert "+34 911 222 333" in client.get(page).content.decode()
        assert client.post(page, {"decision": "hand_back", "note": ""}).status_code == 422
        assert client.post(page, {"decision": "release"}).status_code == 302
        held.refresh_from_db()
        assert held.released_by == invited.moderator
        assert client.get(page)["Location"] == reverse("introductions:pack-detail", args=[invited.demand.public_id])

    def test_who_comes_second_reads_who_was_first_and_keeps_the_words(self, invited: Invited) -> None:
        held, client = self.add(invited, look=True), Client()
        chidi = UserFactory(name="Chidi Okafor")
        StaffRoleFactory(user=chidi, role="moderator")
        release_document(by=chidi, document=held)
        client.force_login(invited.moderator, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = reverse("introductions:document-review", args=[held.public_id])
        answer = client.post(page, {"decision": "hand_back", "note": "A number rings at one desk."})
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Chidi Okafor" in text
        assert "A number rings at one desk." in text
