"""Each timer of the portal has tests that move the clock: in Seoul, in São Paulo, and across a change of the clocks."""

import re
from pathlib import Path

from django.conf import settings

TESTS = Path(__file__).parent.parent
# Timer → tests that move its clock. What has no reader's or party's clock says so in a word.
TIMERS: dict[str, tuple[str, ...] | str] = {
    "expire-records": (
        "cities/test_expiry.py::test_demand_ends_with_the_day_of_its_city",
        "catalog/test_days.py::test_solution_and_agreement_end_with_the_providers_day",
    ),
    "remind-of-demands": ("cities/test_expiry.py::test_city_is_told_twice_in_the_last_month",),
    "look-after-verifications": (
        "workbench/test_items.py::test_day_of_the_office_is_that_of_its_zone",
        "workbench/test_items.py::test_clock_keeps_its_days_across_a_change_of_the_clocks",
        "accounts/test_verification.py::test_verification_lapses_the_day_after_the_last_proof",
    ),
    "look-after-evidence": ("catalog/test_days.py::test_solution_and_agreement_end_with_the_providers_day",),
    "end-agreements": ("catalog/test_days.py::test_solution_and_agreement_end_with_the_providers_day",),
    "advance-programmes": (
        "programmes/test_time.py::test_call_opens_at_its_minute_and_not_before",
        "programmes/test_time.py::test_call_takes_its_last_second_on_both_sides_of_a_change_of_clocks",
        "programmes/test_events.py::test_guests_are_reminded_once_in_the_day_before",
    ),
    "send-digests": (
        "notices/test_digests.py::test_digest_comes_at_eight_on_the_readers_clock",
        "notices/test_clock.py::test_quiet_night_ends_at_the_hour_named_on_the_readers_clock",
        "notices/test_digests.py::test_traveller_across_the_date_line_gets_one_digest_a_day",
    ),
    "tend-introductions": (
        "introductions/test_follow_ups.py::test_months_count_on_the_citys_own_calendar",
        "introductions/test_follow_ups.py::test_silence_is_measured_alike_in_every_zone_and_over_a_change_of_clocks",
    ),
    "close-complaints": (
        "complaints/test_complaints.py::test_answer_nobody_appealed_against_is_closed_by_the_clock",
        "complaints/test_complaints.py::test_clock_of_a_complaint_begins_on_the_day_of_the_office",
        "workbench/test_items.py::test_clock_keeps_its_days_across_a_change_of_the_clocks",
    ),
    "look-after-advice": (
        "experts/test_due.py::test_expert_is_reminded_once_two_days_before_on_their_own_calendar",
        "experts/test_due.py::test_what_nobody_answered_is_given_back_after_two_weeks",
    ),
    "look-through-searches": ("searches/test_saved.py::test_next_look_is_at_eight_on_the_owners_clock",),
    "learn-words": "fills gaps, whenever it runs",
    "recount-words": "counts what stands, whenever it runs",
    "settle-pools": "follows states, not dates",
    "verify-audit-chain": "reads all there is, whenever it runs",
    "clear-sessions": "moments, not days",
    "rank-missing": "fills gaps, whenever it runs",
    "check-lists": "compares, whenever it runs",
    "count-moments": "counts what stands, whenever it runs",
    "price-lists": "prices what stands, whenever it runs",
    "prune-jobs": "moments, not days",
    "poll-mailbox": "takes what is there, whenever it runs",
}
CHANGES = re.compile(r"Europe/\w+|America/(Santiago|New_York)|Australia/Sydney")


def test_every_timer_is_listed() -> None:
    assert set(settings.CELERY_BEAT_SCHEDULE) | {"poll-mailbox"} == set(TIMERS)


def test_listed_tests_exist_and_move_the_clock_where_it_counts() -> None:
    for timer, listed in TIMERS.items():
        if isinstance(listed, str):
            continue
        sources = ""
        for one in listed:
            file, _colons, name = one.partition("::")
            source = (TESTS / file).read_text(encoding="utf-8")
            assert f"def {name}" in source, (timer, one)
            sources += source
        assert "Asia/Seoul" in sources, timer
        assert "America/Sao_Paulo" in sources, timer
        assert CHANGES.search(sources), timer
