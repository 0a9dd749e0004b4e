"""Judgements are kept, profiles proposed, and one of them put in force by a person."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.configuration import active_config
from matching.engine import EXPERT, ScoringConfig
from matching.learning.judgements import judged
from matching.learning.models import Judgement, ProfileActivation, ScoringProfile
from matching.learning.report import is_not_worse
from matching.learning.rules import can_activate_profile, can_choose_profiles
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue

PROFILE_LOCK = 0x55524C50  # any fixed number serves, as long as nothing else uses it
# Prices are made from lists, so after the lists of a new profile are there.
PRICES_AFTER = timedelta(minutes=30)


def keep_judgement(*, decision: Any, result: dict[str, Any]) -> Judgement | None:
    """Keep what a decision says about fit, if anything, with the figures of ``result``, the pair's stored explanation.

    In the transaction of the decision, which is what the trace records.
    """
    found = judged(decision.move, decision.reason)
    if found is None or not result:
        return None
    side, grade = found
    judgement = Judgement(
        decision=decision,
        side=side,
        grade=grade,
        values={part["component"]: part["value"] for part in result["contributions"]},
        backend=decision.match.backend,
        engine_version=result["engine_version"],
        config_version=result["config_id"],
    )
    judgement.save(force_insert=True)
    return judgement


@transaction.atomic
def install_shipped_profile() -> ScoringProfile:
    """Have a row for the configuration of this release, in force until a person chooses another. Safe to repeat."""
    _one_at_a_time()
    profile = ScoringProfile.objects.filter(pk=EXPERT.id).first() or _store(EXPERT, is_shipped=True)
    current = ProfileActivation.objects.filter(ended_at=None).first()
    if current is None or (current.activated_by_id is None and current.profile_id != profile.pk):
        _put_in_force(profile, current, by=None, reason="shipped with the release")
    return profile


@transaction.atomic
def propose_profile(*, by: User | None, config: ScoringConfig, report: dict[str, Any]) -> ScoringProfile:
    """Keep a fitted configuration for people to look at. The same figures again are the same profile."""
    parent = _row_of(active_config())
    existing = ScoringProfile.objects.filter(pk=config.id).first()
    return existing or _store(config, by=by, parent=parent, report=report)


@transaction.atomic
def activate_profile(*, by: User, profile: ScoringProfile, reason: str) -> ProfileActivation:
    """Put a profile in force, a new or an earlier one, and owe a full re-match. Nobody but a person does this."""
    if not can_choose_profiles(by):
        raise NotAllowed
    if not can_activate_profile(by, profile):
        raise NotAllowed(_("You asked for these weights yourself, so somebody else has to activate them."))
    if not reason.strip():
        raise Incomplete(_("Say why these weights are put in force."), ("reason",))
    if not may_come_into_force(profile):
        raise DomainError(_("These weights are not shown to be at least as good as those in force."), code="worse")
    _one_at_a_time()
    install_shipped_profile()
    current = ProfileActivation.objects.get(ended_at=None)
    if current.profile_id == profile.pk:
        raise Conflict(_("These weights are in force already."))
    activation = _put_in_force(profile, current, by=by, reason=reason)
    enqueue(kind="matching.match_everything", subject="everything")
    enqueue(kind="matching.price_lists", subject="everything", delay=PRICES_AFTER)
    return activation


def may_come_into_force(profile: ScoringProfile) -> bool:
    """What was in force before may come back; what was learned has to be at least as good as what is in force."""
    if profile.is_shipped or profile.activations.exists():
        return True
    return profile.report.get("active") == active_config().id and is_not_worse(profile.report)


def _put_in_force(
    profile: ScoringProfile, current: ProfileActivation | None, *, by: User | None, reason: str
) -> ProfileActivation:
    now = timezone.now()
    if current is not None:
        current.ended_at = now
        current.save(update_fields=["ended_at"])
    activation = ProfileActivation(profile=profile, activated_by=by, activated_at=now, reason=reason)
    activation.save(force_insert=True)
    record(
        by=by or "system",
        action="scoringprofile.activate",
        subject=profile,
        before={"profile": current.profile_id if current else None},
        after={"profile": profile.pk},
        note=reason,
    )
    return activation


def _row_of(config: ScoringConfig) -> ScoringProfile:
    """The row of the configuration in force; one carried over to a newer engine gets its own."""
    install_shipped_profile()
    return ScoringProfile.objects.filter(pk=config.id).first() or _store(config)


def _store(config: ScoringConfig, *, by: User | None = None, **fields: Any) -> ScoringProfile:
    profile = ScoringProfile(id=config.id, content=config.to_json(), made_by=by, made_at=timezone.now(), **fields)
    profile.save(force_insert=True)
    record(by=by or "system", action="scoringprofile.store", subject=profile, after={"profile": profile.pk})
    return profile


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PROFILE_LOCK])
