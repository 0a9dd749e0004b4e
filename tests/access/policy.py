"""Who may open what: one line for every route, and for every state of what it shows. The test knows no other source.

A route that is missing here fails the test, so does a line whose route is gone. ``open`` are the people who get a page,
``forbidden`` those who are told in words that the state does not allow it (403); everybody else is asked to sign in or
finds nothing, exactly as where nothing is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catalog.confirmations.facts import token_of as question_token
from matching.experts.actions import token_of as expert_token
from matching.introductions.follow_up_actions import follow_up_token
from portal.accounts.member_actions import token_of
from portal.notices.unsubscribing import token_for
from tests.access.world import (
    CITY,
    CITY_SPEAKS,
    EVERYBODY,
    MODERATORS,
    OTHER_CITY,
    OTHER_PROVIDER,
    OUTSIDE,
    OVERSIGHT,
    PENDING_CITY,
    PROVIDER,
    PROVIDER_SPEAKS,
    READERS,
    SIGNED_IN,
    VERIFIED_MEMBERS,
    AccessWorld,
)

People = frozenset[str]
NOBODY: People = frozenset()
MANAGERS: People = frozenset({"programme"})
DESK: People = MANAGERS | {"neutrality"}
DRAFTS: People = READERS | MANAGERS
JUROR: People = frozenset({"expert"})
Arguments = Callable[[AccessWorld], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """``read`` and ``write``: who gets through with GET and with POST; None where the route does not take the method.

    ``asks``: whether somebody outside is asked to sign in (or up) instead of being told that nothing is there.
    """

    read: People | None = NOBODY
    write: People | None = None
    forbidden: People = NOBODY
    asks: bool = True
    of: Arguments = lambda world: {}


def saved_search(world: AccessWorld) -> dict[str, Any]:
    return {"pk": world.world.records["saved_search"].pk}


def record(name: str, key: str = "public_id", **more: Any) -> Arguments:
    return lambda world: {key: world.world.records[name].public_id, **more}


def organisation(name: str, **more: str) -> Arguments:
    def arguments(world: AccessWorld) -> dict[str, Any]:
        found = world.world.records[name]
        return {"public_id": getattr(found, "organisation", found).public_id, **more}

    return arguments


def member(side: str, person: str) -> Arguments:
    def arguments(world: AccessWorld) -> dict[str, Any]:
        own_body = world.world.records[side].organisation
        return {"public_id": own_body.public_id, "pk": own_body.membership_set.get(user=world.people[person]).pk}

    return arguments


def with_pk(name: str, key: str) -> Arguments:
    def arguments(world: AccessWorld) -> dict[str, Any]:
        records = world.world.records
        return {"public_id": records[name].public_id, "pk": records[key].pk}

    return arguments


def pool_member(move: str) -> Arguments:
    def arguments(world: AccessWorld) -> dict[str, Any]:
        records = world.world.records
        return {"public_id": records["pool"].public_id, "pk": records["pool_member"].pk, "move": move}

    return arguments


def pair(first: str, second: str, key: str) -> Arguments:
    def arguments(world: AccessWorld) -> dict[str, Any]:
        records = world.world.records
        return {"public_id": records[first].public_id, key: records[second].public_id}

    return arguments


def match(name: str) -> Arguments:
    return record(name)


def mails_of(person: str) -> Arguments:
    return lambda world: {"token": token_for(world.people[person], "matches")}


def public(**more: Any) -> Line:
    return Line(EVERYBODY, asks=False, **more)


def own(people: People, of: Arguments, *, write: bool = False, **more: Any) -> Line:
    return Line(people, people if write else None, of=of, **more)


EDITS_DEMAND = {
    "draft": own(CITY, record("demand_draft")),
    "published": own(CITY, record("demand_open")),
    # An introduction runs on it: the text stays as the other side has read it.
    "in dialogue": Line(NOBODY, forbidden=CITY, of=record("demand")),
    "submitted": Line(NOBODY, forbidden=CITY, of=record("demand_submitted")),
    "foreign": Line(of=record("demand_foreign"), read=OTHER_CITY),
}
WRITES_DEMAND = {
    "draft": own(CITY, record("demand_draft", section="need"), write=True),
    # A form that was open when the demand was handed over keeps what was typed and says so.
    "submitted": Line(NOBODY, CITY, forbidden=CITY, of=record("demand_submitted", section="need")),
}
EDITS_SOLUTION = {
    "draft": own(PROVIDER, record("solution_draft")),
    "listed": own(PROVIDER, record("solution")),
    "submitted": Line(NOBODY, forbidden=PROVIDER, of=record("solution_submitted")),
    "foreign": own(OTHER_PROVIDER, record("solution_foreign")),
}

ONE_MODERATOR = frozenset({"moderator"})
ONE_CITY_ADMIN = frozenset({"city_admin"})
ADMINISTRATORS: People = frozenset({"administrator", "back_office"})


def own_notice(world: AccessWorld) -> dict[str, Any]:
    return {"pk": world.notice.pk}


INVITED = CITY | PROVIDER | OTHER_PROVIDER | READERS

POLICY: dict[str, dict[str, Line]] = {
    # --- the site itself ------------------------------------------------------------------------------------------
    **{
        name: {"": public()}
        for name in (
            "livez", "readyz", "robots", "manifest", "old-icon", "sitemap",
            "home", "about", "data-sources", "accessibility", "privacy", "help", "help-cities",
            "help-providers", "help-moderators", "api-docs", "api-schema", "api-schema-yaml", "api-gap",
            "api-demand-list", "api-solution-list", "api-focus-area-list", "api-topic-list", "api-criterion-list",
            "catalog:solution-list", "cities:demand-list", "matching:gap", "matching:ranking-policy",
            "matching:ranking-configuration",
        )
    },
    "sitemap-section": {
        "demands": public(of=lambda world: {"section": "demands"}),
        "providers": public(of=lambda world: {"section": "providers"}),
        "nonsense": Line(asks=False, of=lambda world: {"section": "nonsense"}),
    },
    # The style guide is the designers': staff of the back office, and everybody where the setting says so.
    "styleguide": {"": Line(frozenset({"back_office", "superuser"}), asks=False)},
    "home-mine": {"": Line(SIGNED_IN)},
    "catalog:solution-download": {
        "csv": public(of=lambda world: {"kind": "csv"}), "json": public(of=lambda world: {"kind": "json"}),
        "exe": Line(asks=False, of=lambda world: {"kind": "exe"}),
    },
    "cities:demand-download": {
        "csv": public(of=lambda world: {"kind": "csv"}), "json": public(of=lambda world: {"kind": "json"}),
        "exe": Line(asks=False, of=lambda world: {"kind": "exe"}),
    },
    "matching:gap-download": {
        "csv": public(of=lambda world: {"kind": "csv"}), "json": public(of=lambda world: {"kind": "json"}),
        "exe": Line(asks=False, of=lambda world: {"kind": "exe"}),
    },
    # --- API ------------------------------------------------------------------------------------------------------
    "api-demand-detail": {
        "public": public(of=record("demand")),
        "members": Line(VERIFIED_MEMBERS | READERS, asks=False, of=record("demand_members")),
        "draft": Line(asks=False, of=record("demand_draft")),
    },
    "api-solution-detail": {
        "listed": public(of=record("solution")),
        "draft": Line(asks=False, of=record("solution_draft")),
    },
    "api-focus-area-detail": {"": public(of=lambda world: {"code": "mobility"})},
    "api-topic-detail": {"": public(of=lambda world: {"code": "cycling"})},
    "api-criterion-detail": {"": public(of=lambda world: {"code": "iso_9001"})},
    "api-match-list": {"": Line(SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-match-detail": {
        "suggested": Line(READERS, forbidden=OUTSIDE, asks=False, of=match("suggested")),
        "offered": Line(READERS | CITY, forbidden=OUTSIDE, asks=False, of=match("offered")),
        "invited": Line(READERS | CITY | OTHER_PROVIDER, forbidden=OUTSIDE, asks=False, of=match("invited")),
        "introduced": Line(READERS | CITY | PROVIDER, forbidden=OUTSIDE, asks=False, of=match("introduced")),
    },
    **{
        # The provider finds nothing before the city has said yes.
        f"api-match-{move}": {
            "offered": Line(None, CITY_SPEAKS, forbidden=OUTSIDE | CITY | READERS, asks=False, of=match("offered")),
        }
        for move in ("accept", "decline")
    },
    "api-pack-list": {"": Line(SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-pack-detail": {"": Line(INVITED, forbidden=OUTSIDE, asks=False, of=record("demand"))},
    "api-pack-questions": {
        "": Line(
            None, PROVIDER | OTHER_PROVIDER, forbidden=OUTSIDE | CITY | READERS, asks=False, of=record("demand"),
        ),
    },
    "api-question-list": {"": Line(SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-question-detail": {
        "": Line(CITY | OTHER_PROVIDER | READERS, forbidden=OUTSIDE, asks=False, of=record("asked_question")),
    },
    "api-introduction-list": {"": Line(SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-introduction-detail": {
        "": Line(CITY | PROVIDER | READERS, forbidden=OUTSIDE, asks=False, of=record("introduced")),
    },
    "api-introduction-messages": {
        "": Line(
            CITY | PROVIDER | READERS, CITY | PROVIDER | ONE_MODERATOR, forbidden=OUTSIDE | READERS, asks=False,
            of=record("introduced"),
        ),
    },
    "api-introduction-meetings": {
        "": Line(
            None, CITY | PROVIDER | ONE_MODERATOR, forbidden=OUTSIDE | READERS, asks=False, of=record("introduced"),
        ),
    },
    "api-meeting-list": {"": Line(SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-meeting-detail": {
        "": Line(CITY | PROVIDER | READERS, forbidden=OUTSIDE, asks=False, of=record("meeting")),
    },
    "api-meeting-choose": {
        # The provider proposed it, so the city picks.
        "": Line(None, CITY, forbidden=OUTSIDE | PROVIDER | READERS, asks=False, of=record("meeting")),
    },
    "api-expert-list": {"": public()},
    "api-expert-detail": {"": public(of=record("expert_profile"))},
    "api-advice-list": {"": Line(SIGNED_IN, SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-advice-detail": {"": Line(CITY | READERS | JUROR, forbidden=OUTSIDE, asks=False, of=record("advice"))},
    **{
        f"api-advice-{move}": {
            "": Line(None, JUROR, forbidden=OUTSIDE | CITY | READERS, asks=False, of=record("advice")),
        }
        for move in ("accept", "decline", "answer")
    },
    "api-advice-withdraw": {"": Line(None, CITY, forbidden=OUTSIDE | READERS | JUROR, asks=False, of=record("advice"))},
    "api-notice-list": {"": Line(SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-notice-detail": {"": Line(ONE_CITY_ADMIN, forbidden=OUTSIDE, asks=False, of=own_notice)},
    "api-notice-read": {"": Line(None, ONE_CITY_ADMIN, forbidden=OUTSIDE, asks=False, of=own_notice)},
    "api-notice-read-all": {"": Line(None, SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-translation": {
        "demand": Line(
            CITY | MODERATORS, forbidden=OUTSIDE, asks=False, of=record("demand_open", kind="demand", language="ko")
        ),
        "draft": Line(
            CITY,
            forbidden=OUTSIDE | ONE_MODERATOR,
            asks=False,
            of=record("demand_draft", kind="demand", language="ko"),
        ),
        "original": Line(
            NOBODY, forbidden=OUTSIDE, asks=False, of=record("demand_open", kind="demand", language="en")
        ),
        "unknown": Line(NOBODY, forbidden=OUTSIDE, asks=False, of=record("demand_open", kind="city", language="ko")),
        **{
            kind: Line(
                MANAGERS,
                forbidden=OUTSIDE | MODERATORS - MANAGERS,
                asks=False,
                of=record(name, kind=kind, language="ko"),
            )
            for kind, name in (("programme", "programme_open"), ("call", "call_open"), ("event", "event"))
        },
    },
    "api-translation-draft": {
        "solution": Line(
            None,
            MODERATORS,
            forbidden=OUTSIDE | PROVIDER,
            asks=False,
            of=record("solution", kind="solution", language="ko"),
        ),
    },
    "api-pool-list": {"": Line(SIGNED_IN, SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-pool-detail": {"": Line(CITY | OTHER_CITY | READERS, forbidden=OUTSIDE, asks=False, of=record("pool"))},
    "api-pool-invite": {
        "": Line(
            None, CITY_SPEAKS, forbidden=OUTSIDE | CITY | OTHER_CITY | READERS, asks=False, of=record("pool"),
        ),
    },
    "api-pool-answers": {
        "": Line(
            CITY | OTHER_CITY | READERS, CITY | OTHER_CITY | READERS, forbidden=OUTSIDE, asks=False, of=record("pool"),
        ),
    },
    **{
        # Whose demand it is, the body says: without one everybody who sees the pool is asked for it.
        f"api-pool-{move}": {
            "": Line(None, CITY | OTHER_CITY | READERS, forbidden=OUTSIDE, asks=False, of=record("pool")),
        }
        for move in ("join", "decline", "leave")
    },
    # --- accounts -------------------------------------------------------------------------------------------------
    "accounts:account-edit": {"": Line(SIGNED_IN, SIGNED_IN)},
    "accounts:language-keep": {"": Line(None, SIGNED_IN)},
    "accounts:organisation-detail": {
        "verified": public(of=organisation("city")),
        "pending": Line(PENDING_CITY | READERS, asks=False, of=organisation("pending_city")),
        "refused": Line(READERS | {"city_admin"}, asks=False, of=organisation("refused")),
    },
    "accounts:organisation-edit": {
        "city": own(frozenset({"city_admin"}), organisation("city"), write=True),
        "provider": own(frozenset({"provider_admin"}), organisation("provider"), write=True),
        "pending": own(PENDING_CITY, organisation("pending_city"), write=True),
    },
    "accounts:member-list": {"": own(frozenset({"city_admin"}), organisation("city"))},
    "accounts:member-invite": {"": own(frozenset({"city_admin"}), organisation("city"), write=True)},
    "accounts:member-edit": {"": own(frozenset({"city_admin"}), member("city", "city_editor"), write=True)},
    "accounts:member-remove": {"": own(frozenset({"city_admin"}), member("city", "city_editor"), write=True)},
    "accounts:member-leave": {"": own(CITY, organisation("city"), write=True)},
    "accounts:invitation-withdraw": {
        "": Line(None, frozenset({"city_admin"}), of=lambda world: {
            **organisation("city")(world), "pk": world.world.records["invitation"].pk,
        }),
    },
    # Whoever holds the link may read who invites; to join takes the invited address.
    "accounts:invitation-accept": {
        "": Line(
            EVERYBODY, frozenset({"newcomer"}), forbidden=SIGNED_IN - {"newcomer"},
            of=lambda world: {"token": token_of(world.world.records["invitation"])},
        ),
        "forged": Line(NOBODY, NOBODY, asks=False, of=lambda world: {"token": "WzEsIng"}),
    },
    "accounts:conflict-list": {"": Line(SIGNED_IN, SIGNED_IN)},
    "accounts:conflict-overview": {"": Line(OVERSIGHT)},
    "accounts:conflict-end": {
        "": Line(None, frozenset({"expert"}), of=lambda world: {"pk": world.world.records["conflict"].pk}),
    },
    # A moderator who is tied to the organisation reads nothing of what proves it.
    "accounts:verification-detail": {
        "pending": Line(READERS, MODERATORS, of=organisation("pending_city")),
        "tied": Line(READERS - {"tied_moderator"}, {"moderator"}, of=organisation("city")),
    },
    "accounts:evidence-file": {
        "": Line(READERS - {"tied_moderator"}, of=lambda world: {
            **organisation("city")(world), "evidence_id": world.world.records["evidence"].public_id,
        }),
    },
    "accounts:verification-ask": {
        "refused": Line(None, frozenset({"city_admin"}), of=organisation("refused")),
        "verified": Line(None, frozenset({"city_admin"}), of=organisation("city")),
    },
    # --- around introductions -------------------------------------------------------------------------------------
    "introductions:pack-detail": {
        "": Line(INVITED, of=record("demand")),
        "draft": Line(CITY | READERS, of=record("demand_draft")),
    },
    "introductions:question-ask": {
        "": Line(None, PROVIDER | OTHER_PROVIDER, forbidden=CITY | READERS, of=record("demand")),
    },
    "introductions:pack-document-add": {"": Line(None, CITY, forbidden=INVITED, of=record("demand"))},
    "introductions:question-date": {
        "": Line(None, CITY_SPEAKS | ONE_MODERATOR, forbidden=INVITED, of=record("demand")),
    },
    "introductions:interest-express": {
        "": own(PROVIDER | OTHER_PROVIDER, record("demand_open"), write=True),
        "draft": Line(of=record("demand_draft"), write=NOBODY),
    },
    "introductions:clean-file": {"": Line(CITY_SPEAKS | READERS, of=record("demand"))},
    "introductions:clean-file-download": {
        "json": Line(CITY_SPEAKS | READERS, of=record("demand", kind="json")),
        "pdf": Line(CITY_SPEAKS | READERS, of=record("demand", kind="pdf")),
        "exe": Line(of=record("demand", kind="exe")),
    },
    "introductions:question-list": {"": Line(READERS)},
    "introductions:question-detail": {"": own(CITY | OTHER_PROVIDER | READERS, record("asked_question"), write=True)},
    "introductions:document-download": {
        "pack": Line(INVITED, of=record("pack_document")),
        "shared": Line(CITY | PROVIDER | READERS, of=record("shared_document")),
    },
    "introductions:document-review": {
        "": Line(READERS, ONE_MODERATOR, forbidden=READERS, of=record("held_document")),
    },
    "introductions:document-remove": {
        "pack": own(CITY, record("pack_document"), write=True, forbidden=INVITED),
        "shared": own(PROVIDER, record("shared_document"), write=True, forbidden=CITY | READERS),
    },
    "introductions:shared-document-add": {
        "": own(CITY | PROVIDER | ONE_MODERATOR, record("introduced"), write=True, forbidden=READERS),
    },
    "introductions:meeting-propose": {
        "": own(CITY | PROVIDER | ONE_MODERATOR, record("introduced"), write=True, forbidden=READERS),
    },
    "introductions:meeting-detail": {"": own(CITY | PROVIDER | READERS, record("meeting"), write=True)},
    "introductions:meeting-move": {
        "": own(CITY | PROVIDER | ONE_MODERATOR, record("meeting_agreed"), write=True, forbidden=READERS),
    },
    "introductions:meeting-cancel": {
        "": own(CITY | PROVIDER | ONE_MODERATOR, record("meeting"), write=True, forbidden=READERS),
    },
    "introductions:meeting-calendar": {
        "agreed": Line(CITY | PROVIDER | READERS, of=record("meeting_agreed")),
        "proposed": Line(of=record("meeting")),
    },
    # Whoever holds the mailed link answers for the side it was mailed to.
    "introductions:follow-up-answer": {
        "": Line(EVERYBODY, EVERYBODY, asks=False, of=lambda world: {
            "token": follow_up_token(world.world.records["follow_up"], "city", world.people["city_approver"]),
        }),
        "forged": Line(NOBODY, NOBODY, asks=False, of=lambda world: {"token": "WzEsIng"}),
    },
    "introductions:follow-up-list": {"": Line(READERS)},
    "introductions:follow-up-detail": {
        "": Line(READERS, READERS, of=lambda world: {"pk": world.world.records["follow_up"].pk}),
    },
    # --- catalogue ------------------------------------------------------------------------------------------------
    "catalog:provider-register": {"": Line(SIGNED_IN, SIGNED_IN)},
    "catalog:provider-detail": {"verified": public(of=organisation("provider"))},
    "catalog:provider-edit": {"": own(PROVIDER_SPEAKS, organisation("provider"), write=True)},
    "catalog:solution-new": {"": Line(SIGNED_IN, SIGNED_IN)},
    "catalog:solution-detail": {
        "listed": public(of=record("solution")),
        "draft": Line(PROVIDER | READERS, asks=False, of=record("solution_draft")),
        "submitted": Line(PROVIDER | READERS, asks=False, of=record("solution_submitted")),
        "foreign": Line(OTHER_PROVIDER | READERS, asks=False, of=record("solution_foreign")),
    },
    "catalog:solution-picture": {
        "listed": public(of=record("solution")),
        "draft": Line(asks=False, of=record("solution_draft")),
    },
    "catalog:solution-edit": EDITS_SOLUTION,
    "catalog:solution-criteria": EDITS_SOLUTION,
    "catalog:solution-check": EDITS_SOLUTION,
    "catalog:solution-section": {
        "draft": own(PROVIDER, record("solution_draft", section="what"), write=True),
        "submitted": Line(NOBODY, PROVIDER, forbidden=PROVIDER, of=record("solution_submitted", section="what")),
        "unknown": Line(NOBODY, NOBODY, of=record("solution_draft", section="nonsense")),
    },
    "catalog:solution-preview": {"": own(PROVIDER, record("solution_draft"))},
    "catalog:solution-submit": {
        # To read leads to the page with the answers, whoever asks; what is there, that page decides.
        "draft": Line(
            SIGNED_IN, PROVIDER_SPEAKS, forbidden=frozenset({"provider_editor"}), of=record("solution_draft")
        ),
    },
    "catalog:solution-submitted": {"": own(PROVIDER, record("solution_submitted"))},
    "catalog:solution-revise": {
        "listed": own(PROVIDER, record("solution"), write=True),
        "draft": own(PROVIDER, record("solution_draft"), write=True),
        "submitted": own(PROVIDER, record("solution_submitted"), write=True),
    },
    "catalog:solution-discard": {
        "revision": own(PROVIDER, record("solution_revision"), write=True),
        "listed": Line(NOBODY, NOBODY, of=record("solution")),
    },
    "catalog:solution-move": {
        "archive": own(PROVIDER_SPEAKS, record("solution", move="archive"), write=True),
        "restore": own(PROVIDER_SPEAKS, record("solution", move="restore"), write=True),
        "unknown": Line(NOBODY, NOBODY, of=record("solution", move="list")),
    },
    # --- evidence, confirmations and partnerships ------------------------------------------------------------------
    "confirmations:reference-ask": {"": own(PROVIDER_SPEAKS, with_pk("solution", "reference"), write=True)},
    "confirmations:question-renew": {"": Line(None, PROVIDER_SPEAKS, of=with_pk("solution", "reference"))},
    "confirmations:question-withdraw": {"": Line(None, PROVIDER_SPEAKS, of=with_pk("solution", "reference"))},
    "confirmations:solution-renew": {
        "listed": own(PROVIDER_SPEAKS, record("solution"), write=True),
        "foreign": own(OTHER_PROVIDER - {"other_provider_editor"}, record("solution_foreign"), write=True),
    },
    "confirmations:evidence-list": {"": Line(MODERATORS)},
    "confirmations:evidence-check": {"": own(MODERATORS, record("solution"), write=True)},
    # Whoever holds the mailed link answers for the city: that is what the link is for.
    "confirmations:city-answer": {
        "": Line(EVERYBODY, EVERYBODY, asks=False, of=lambda world: {
            "token": question_token(world.world.records["question"]),
        }),
        "forged": Line(NOBODY, NOBODY, asks=False, of=lambda world: {"token": "WzEsIng"}),
    },
    "confirmations:link-renew": {
        "": Line(None, EVERYBODY, asks=False, of=lambda world: {
            "token": question_token(world.world.records["question"]),
        }),
    },
    "partnerships:agreement-list": {
        "": own(frozenset({"programme", "administrator", "back_office"}), organisation("provider"), write=True),
    },
    "partnerships:agreement-end": {
        "": Line(None, frozenset({"programme", "administrator", "back_office"}), of=lambda world: {
            **organisation("provider")(world), "pk": world.world.records["agreement"].pk,
        }),
    },
    # --- cities ---------------------------------------------------------------------------------------------------
    "cities:body-register": {"": Line(SIGNED_IN)},
    "cities:body-choose": {"": public()},
    "cities:body-details": {
        "": Line(SIGNED_IN, SIGNED_IN, of=lambda world: {"geonames_id": world.city.city.geonames_id}),
    },
    "cities:demand-new": {"": Line(SIGNED_IN, SIGNED_IN)},
    "cities:demand-detail": {
        "public": public(of=record("demand")),
        "members": Line(VERIFIED_MEMBERS | READERS, asks=False, of=record("demand_members")),
        "draft": Line(CITY | READERS, asks=False, of=record("demand_draft")),
        "submitted": Line(CITY | READERS, asks=False, of=record("demand_submitted")),
        "asked": Line(CITY | READERS, asks=False, of=record("demand_asked")),
        "foreign": Line(
            OTHER_CITY | READERS,
            asks=False, of=record("demand_foreign"),
        ),
        "pending": Line(PENDING_CITY | READERS, asks=False, of=record("demand_pending")),
    },
    "cities:demand-picture": {
        "public": public(of=record("demand")),
        "members": Line(asks=False, of=record("demand_members")),
        "draft": Line(asks=False, of=record("demand_draft")),
    },
    "cities:demand-edit": EDITS_DEMAND,
    "cities:demand-check": EDITS_DEMAND,
    "cities:demand-requirements": {
        "draft": own(CITY, record("demand_draft"), write=True),
        "submitted": Line(NOBODY, CITY, forbidden=CITY, of=record("demand_submitted")),
    },
    "cities:demand-section": {
        **WRITES_DEMAND,
        "unknown": Line(NOBODY, NOBODY, of=record("demand_open", section="nonsense")),
    },
    "translating:demand-texts": {
        "draft": own(CITY | MODERATORS, record("demand_draft")),
        "published": own(CITY | MODERATORS, record("demand_open")),
        "foreign": own(OTHER_CITY | MODERATORS, record("demand_foreign")),
    },
    "translating:demand-translate": {
        "draft": own(CITY, record("demand_draft", language="ko"), write=True, forbidden=ONE_MODERATOR),
        "published": own(CITY | MODERATORS, record("demand_open", language="ko"), write=True),
        "submitted": own(
            ONE_MODERATOR, record("demand_submitted", language="ko"), write=True, forbidden=CITY
        ),
        "original": Line(NOBODY, NOBODY, of=record("demand_open", language="en")),
    },
    "translating:solution-texts": {
        "draft": own(PROVIDER | MODERATORS, record("solution_draft")),
        "listed": own(PROVIDER | MODERATORS, record("solution")),
    },
    "translating:solution-translate": {
        "draft": own(PROVIDER, record("solution_draft", language="ko"), write=True, forbidden=MODERATORS),
        # What is listed changes by a new version that ICLEI approves, its translations too.
        "listed": own(MODERATORS, record("solution", language="ko"), write=True, forbidden=PROVIDER),
    },
    "translating:provider-texts": {"": own(PROVIDER | MODERATORS, organisation("provider"))},
    "translating:provider-translate": {
        "": own(
            PROVIDER_SPEAKS | MODERATORS, organisation("provider", language="ko"), write=True,
            forbidden=frozenset({"provider_editor"}),
        ),
    },
    "cities:demand-submit": {
        "draft": Line(
            SIGNED_IN, CITY_SPEAKS, forbidden=frozenset({"city_editor", "tied_moderator"}), of=record("demand_draft")
        ),
        "pending": Line(SIGNED_IN, PENDING_CITY, of=record("demand_pending")),
    },
    "cities:demand-submitted": {"": own(CITY, record("demand_submitted"))},
    "cities:demand-move": {
        "hold": own(CITY_SPEAKS | MODERATORS, record("demand", move="hold"), write=True),
        "close": own(CITY_SPEAKS | MODERATORS, record("demand", move="close"), write=True),
        "withdraw a draft": own(CITY_SPEAKS | MODERATORS, record("demand_draft", move="withdraw"), write=True),
        "publish": Line(NOBODY, NOBODY, of=record("demand_submitted", move="publish")),
    },
    "pools:pool-new": {
        "open": own(CITY_SPEAKS, record("demand_open"), write=True),
        "foreign": own(frozenset({"other_city_admin", "other_city_approver"}), record("demand_foreign"), write=True),
    },
    "pools:pool-detail": {"": own(CITY | OTHER_CITY | READERS, record("pool"))},
    "pools:pool-invite": {"": Line(None, CITY_SPEAKS, of=record("pool"))},
    "pools:member-decide": {
        "join": Line(None, OTHER_CITY - {"other_city_editor"}, of=pool_member("join")),
        "unknown": Line(None, NOBODY, of=pool_member("rule")),
    },
    # Of a demand that one city makes alone, nobody else is asked.
    "pooling:pool-answer": {"not pooled": Line(None, NOBODY, of=record("offered", answer="yes"))},
    "imports:own-list": {"": Line(SIGNED_IN, SIGNED_IN)},
    # Without a file that was sent, everybody is led back to where one is sent.
    "imports:own-list-check": {"": Line(SIGNED_IN, SIGNED_IN)},
    # --- matching -------------------------------------------------------------------------------------------------
    "matching:queue": {"": Line(MODERATORS)},
    "matching:organisation-review": {"": own(MODERATORS, organisation("pending_city"), write=True)},
    "matching:demand-review": {"": own(MODERATORS, record("demand_submitted"), write=True)},
    "matching:solution-review": {"": own(MODERATORS, record("solution_submitted"), write=True)},
    "matching:match-review": {"": own(MODERATORS, match("suggested"), write=True)},
    "matching:demand-matches": {
        "public": own(CITY | READERS, record("demand")),
        "foreign": own(
            OTHER_CITY | READERS, record("demand_foreign")
        ),
    },
    "matching:demand-passing": {
        "draft": Line(None, CITY, of=record("demand_draft")),
        "foreign": Line(None, OTHER_CITY, of=record("demand_foreign")),
    },
    "matching:demand-brief": {
        "public": own(CITY | READERS, record("demand")),
        "foreign": own(OTHER_CITY | READERS, record("demand_foreign")),
    },
    "matching:demand-brief-file": {"draft": own(CITY | READERS, record("demand_draft"))},
    "matching:demand-topics": {
        "draft": Line(None, CITY, of=record("demand_draft")),
        "submitted": Line(None, NOBODY, forbidden=CITY, of=record("demand_submitted")),
        "foreign": Line(None, OTHER_CITY, of=record("demand_foreign")),
    },
    "matching:solution-topics": {
        "draft": Line(None, PROVIDER, of=record("solution_draft")),
        "submitted": Line(None, NOBODY, forbidden=PROVIDER, of=record("solution_submitted")),
        "foreign": Line(None, OTHER_PROVIDER, of=record("solution_foreign")),
    },
    "matching:match-add": {"": own(MODERATORS, record("demand"), write=True)},
    "matching:demand-match": {"": own(CITY | READERS, pair("demand", "solution", "solution_id"))},
    "matching:solution-demands": {
        "listed": own(PROVIDER | READERS, record("solution")),
        "foreign": own(OTHER_PROVIDER | READERS, record("solution_foreign")),
    },
    "matching:solution-demand": {
        "public": own(PROVIDER | READERS, pair("solution", "demand", "demand_id")),
        "members only": Line(of=pair("solution", "demand_members", "demand_id")),
    },
    "matching:profile-list": {"": Line(READERS, READERS)},
    "matching:profile-detail": {
        "proposed": Line(
            READERS, READERS - MODERATORS, forbidden=MODERATORS, of=lambda world: {"profile_id": world.profile.pk}
        ),
    },
    "matching:match-list": {"": Line(SIGNED_IN)},
    "matching:match-detail": {
        "suggested": own(READERS, match("suggested"), write=True),
        "offered": own(READERS | CITY, match("offered"), write=True),
        "invited": own(READERS | CITY | OTHER_PROVIDER, match("invited"), write=True),
        "introduced": own(READERS | CITY | PROVIDER, match("introduced"), write=True),
    },
    "matching:introduction-list": {"": Line(SIGNED_IN)},
    "matching:introduction-detail": {
        "introduced": own(READERS | CITY | PROVIDER, match("introduced"), write=True),
        "invited": Line(NOBODY, NOBODY, of=match("invited")),
    },
    "matching:message-write": {"": Line(None, READERS | CITY | PROVIDER, of=match("introduced"))},
    # --- the workbench ---------------------------------------------------------------------------------------------
    # The match is of the city to which the tied moderator belongs: for them there is nothing to take.
    **{
        f"matching:item-{verb}": {"": Line(None, ONE_MODERATOR, of=record("suggested", kind="match"))}
        for verb in ("take", "release", "wake")
    },
    "matching:item-snooze": {"": own(ONE_MODERATOR, record("suggested", kind="match"), write=True)},
    "matching:item-step-back": {
        "": own(ONE_MODERATOR, record("suggested", kind="match"), write=True),
        "unknown": Line(NOBODY, NOBODY, of=record("suggested", kind="nonsense")),
    },
    "matching:decision-undo": {
        "": Line(None, ONE_MODERATOR, of=lambda world: {"pk": world.world.records["decided"].pk}),
    },
    "matching:confirmation-review": {"": own(MODERATORS, record("confirmation"), write=True)},
    "matching:queue-bulk": {"": Line(None, MODERATORS)},
    "matching:queue-routing": {"": Line(MODERATORS, MODERATORS)},
    "matching:queue-view-save": {"": Line(None, MODERATORS)},
    "matching:queue-view-delete": {
        "": Line(None, ONE_MODERATOR, of=lambda world: {"pk": world.world.records["saved_view"].pk}),
    },
    "matching:wording-list": {"": Line(MODERATORS)},
    "matching:wording-new": {"": Line(MODERATORS, MODERATORS)},
    "matching:wording-edit": {"": own(MODERATORS, lambda world: {"code": "demand.figures"}, write=True)},
    "matching:match-compare": {"": own(READERS, record("demand"))},
    "matching:neutrality": {"": Line(frozenset({"neutrality"}))},
    # --- complaints and reports --------------------------------------------------------------------------------------
    "matching:complaint-list": {"": Line(SIGNED_IN)},
    "matching:complaint-new": {
        "introduced": own(CITY | PROVIDER, record("introduced", kind="match"), write=True),
        "suggested": Line(NOBODY, NOBODY, of=record("suggested", kind="match")),
        "published": Line(NOBODY, NOBODY, of=record("demand", kind="demand")),
        "asked": own(CITY, record("demand_asked", kind="demand"), write=True),
    },
    # The moderator took the decision, so the neutrality officer examines it; nobody else learns of it.
    "matching:complaint-detail": {"": own(frozenset({"city_admin", "neutrality"}), record("complaint"), write=True)},
    "matching:flag-new": {
        "public": own(SIGNED_IN, record("demand", kind="demand"), write=True),
        "draft": own(CITY | READERS, record("demand_draft", kind="demand"), write=True),
    },
    "matching:flag-review": {"": own(MODERATORS, record("flag"), write=True)},
    # --- experts -----------------------------------------------------------------------------------------------------
    "matching:expert-list": {"": public()},
    "matching:expert-detail": {"": public(of=record("expert_profile"))},
    "matching:expert-remove": {"": Line(None, MODERATORS, of=record("expert_profile"))},
    "matching:expert-invite": {"": Line(MODERATORS, MODERATORS)},
    "matching:expert-edit": {"": Line(frozenset({"expert"}), frozenset({"expert"}))},
    "matching:expert-join": {
        "": Line(
            SIGNED_IN, frozenset({"newcomer"}), forbidden=SIGNED_IN - {"newcomer"},
            of=lambda world: {"token": expert_token(world.world.records["expert_invitation"])},
        ),
        "forged": Line(NOBODY, NOBODY, of=lambda world: {"token": "WzEsIng"}),
    },
    "matching:advice-list": {"": Line(SIGNED_IN)},
    "matching:advice-choose": {"": own(CITY | ONE_MODERATOR, record("demand", kind="demand"))},
    "matching:advice-ask": {
        "": own(CITY | ONE_MODERATOR, lambda world: {
            **record("demand", kind="demand")(world), "expert_id": world.world.records["expert_profile"].public_id,
        }, write=True),
    },
    "matching:advice-detail": {"": own(CITY | READERS | {"expert"}, record("advice"), write=True)},
    # --- guidance -------------------------------------------------------------------------------------------------
    "guidance:first-steps": {"": Line(None, SIGNED_IN)},
    "guidance:resume": {
        "demand": own(CITY, record("demand_draft", kind="demand"), write=True),
        "solution": own(PROVIDER, record("solution_draft", kind="solution"), write=True),
        "nonsense": Line(NOBODY, NOBODY, of=record("demand_draft", kind="nonsense")),
    },
    "guidance:sample": {"": Line(ADMINISTRATORS, ADMINISTRATORS)},
    "guidance:sample-load": {"": Line(None, ADMINISTRATORS)},
    "guidance:practice": {"": Line(MODERATORS)},
    "guidance:tour-end": {"": Line(None, MODERATORS)},
    # --- searches -------------------------------------------------------------------------------------------------
    "searches:suggestions": {"": public()},
    "searches:search-help": {"": public()},
    "searches:search-list": {"": Line(SIGNED_IN)},
    "searches:search-new": {
        "demands": Line(SIGNED_IN, SIGNED_IN, of=lambda world: {"subject": "demands"}),
        "nonsense": Line(NOBODY, NOBODY, asks=True, of=lambda world: {"subject": "users"}),
    },
    "searches:search-open": {"": Line(ONE_CITY_ADMIN, of=saved_search)},
    **{
        f"searches:search-{verb}": {"": Line(ONE_CITY_ADMIN, ONE_CITY_ADMIN, of=saved_search)}
        for verb in ("edit", "delete")
    },
    # --- notices --------------------------------------------------------------------------------------------------
    "notices:notice-list": {"": Line(SIGNED_IN)},
    "notices:notices-read": {"": Line(None, SIGNED_IN)},
    "notices:notice-open": {"": Line(None, ONE_CITY_ADMIN, of=own_notice)},
    "notices:mail-settings": {"": Line(SIGNED_IN, SIGNED_IN)},
    # The signature in the address is the right: mail providers and people without a session end mails by it.
    "notices:unsubscribe": {
        "own": Line(EVERYBODY, EVERYBODY, asks=False, of=mails_of("city_admin")),
        "nonsense": Line(NOBODY, NOBODY, asks=False, of=lambda world: {"token": "nonsense"}),
    },
    "notices:resubscribe": {"own": Line(None, EVERYBODY, asks=False, of=mails_of("city_admin"))},
    # Only in a demo, and nowhere else for anybody.
    "notices:caught-list": {"": Line(asks=False)},
    "notices:caught-mail": {"": Line(asks=False, of=lambda world: {"name": "x.log", "number": 0})},
    "notices:caught-html": {"": Line(asks=False, of=lambda world: {"name": "x.log", "number": 0})},
    # --- programmes -----------------------------------------------------------------------------------------------
    "programmes:programme-list": {"": public()},
    "programmes:programme-help": {"": public()},
    "programmes:programme-detail": {
        "open": public(of=record("programme_open")),
        "draft": Line(DRAFTS, asks=False, of=record("programme_draft")),
    },
    "programmes:programme-results": {
        "running": public(of=record("programme_done")),
        "open": Line(NOBODY, asks=False, of=record("programme_open")),
    },
    "programmes:results-file": {
        "running": public(of=record("programme_done")),
        "open": Line(NOBODY, asks=False, of=record("programme_open")),
    },
    "programmes:report-file": {"running": Line(NOBODY, asks=False, of=record("programme_done"))},
    "programmes:programme-calendar": {
        "open": public(of=record("programme_open")),
        "draft": Line(DRAFTS, asks=False, of=record("programme_draft")),
    },
    "programmes:call-detail": {
        "open": public(of=record("call_open")),
        "draft": Line(DRAFTS, asks=False, of=record("call_draft")),
    },
    "programmes:enquiry-write": {"open": own(SIGNED_IN, record("call_open"), write=True)},
    "programmes:application-new": {"open": own(SIGNED_IN, record("call_open"), write=True)},
    "programmes:application-list": {"": Line(SIGNED_IN)},
    "programmes:application-detail": {
        "draft": own(CITY, record("application_draft")),
        "submitted": own(CITY | DESK, record("application")),
    },
    "programmes:application-edit": {
        "draft": own(CITY, record("application_draft"), write=True),
        "submitted": own(CITY, record("application"), write=True),
        "accepted": Line(NOBODY, NOBODY, of=record("application_accepted")),
    },
    "programmes:application-move": {"submitted": Line(None, CITY_SPEAKS, of=record("application"))},
    "programmes:milestone-tick": {
        "accepted": Line(
            None, CITY | MANAGERS, forbidden=frozenset({"neutrality"}),
            of=lambda world: {
                "public_id": world.world.records["application_accepted"].public_id, "pk": world.milestone.pk
            },
        ),
    },
    "programmes:application-leave": {"accepted": own(CITY_SPEAKS, record("application_accepted"), write=True)},
    "programmes:application-follow-up": {"asked": own(CITY, record("application_accepted", months=6), write=True)},
    "programmes:jury-list": {"": Line(SIGNED_IN)},
    "programmes:jury-detail": {"juror": own(JUROR, record("call_jury"))},
    "programmes:jury-conflicts": {"juror": own(JUROR, record("call_jury"), write=True)},
    "programmes:jury-leave": {"juror": own(JUROR, record("call_jury"), write=True)},
    "programmes:jury-score": {
        "juror": own(
            JUROR,
            lambda world: {
                "public_id": world.world.records["call_jury"].public_id,
                "number": world.world.records["application_jury"].number,
            },
            write=True,
        ),
    },
    "programmes:event-detail": {
        "open": public(of=record("event")),
        "draft": Line(DRAFTS, asks=False, of=record("event_draft")),
    },
    "programmes:event-calendar": {
        "open": public(of=record("event")),
        "draft": Line(DRAFTS, asks=False, of=record("event_draft")),
    },
    "programmes:event-register": {"open": Line(None, SIGNED_IN, of=record("event"))},
    "programmes:event-leave": {
        "registered": Line(
            None, frozenset({"city_admin"}), forbidden=SIGNED_IN - {"city_admin"}, of=record("event")
        ),
    },
    "programmes:workspace-list": {"": Line(DESK)},
    "programmes:workspace-detail": {"": own(DESK, record("programme_open"))},
    "programmes:programme-new": {"": Line(MANAGERS, MANAGERS)},
    "programmes:programme-texts": {"": own(MANAGERS, record("programme_open"))},
    "programmes:call-translate": {"": own(MANAGERS, record("call_open", language="ko"), write=True)},
    "programmes:event-translate": {"": own(MANAGERS, record("event", language="ko"), write=True)},
    "programmes:programme-translate": {
        "": own(MANAGERS, record("programme_open", language="ko"), write=True),
        "original": Line(NOBODY, NOBODY, of=record("programme_open", language="en")),
    },
    "programmes:programme-move": {
        "nonsense": Line(None, NOBODY, forbidden=MANAGERS, of=record("programme_open")),
    },
    "programmes:neutrality-note": {"": own(frozenset({"neutrality"}), record("programme_open"), write=True)},
    **{
        f"programmes:{name}": {"": own(MANAGERS, record("programme_open"), write=True)}
        for name in (
            "programme-edit", "partner-add", "record-link", "report-edit", "call-new", "milestone-add",
            "programme-match-add",
            "event-new",
        )
    },
    "programmes:partner-remove": {
        "": Line(
            None, MANAGERS,
            of=lambda world: {
                "public_id": world.world.records["programme_open"].public_id, "pk": world.partner.pk
            },
        ),
    },
    "programmes:record-unlink": {
        "": Line(None, MANAGERS, of=record("programme_open", reference="D00000000")),
    },
    "programmes:workspace-cohort": {"": own(DESK, record("programme_done"))},
    "programmes:workspace-judging": {"": own(DESK, record("call_jury"))},
    **{
        f"programmes:{name}": {"": own(MANAGERS, record("call_open"), write=True)}
        for name in ("call-edit", "call-rules", "call-extend", "workspace-enquiries", "juror-add")
    },
    "programmes:juror-release": {
        "": Line(
            None, MANAGERS,
            of=lambda world: {"public_id": world.world.records["call_jury"].public_id, "pk": world.juror.pk},
        ),
    },
    "programmes:application-screen": {"": own(MANAGERS, record("application_screening"), write=True)},
    "programmes:application-verdict": {"": own(MANAGERS, record("application_jury"), write=True)},
    "programmes:application-reopen": {"": own(MANAGERS, record("application_jury"), write=True)},
    "programmes:application-settle": {"": Line(None, MANAGERS, of=record("application_jury"))},
    "programmes:member-move": {
        "nonsense": Line(None, NOBODY, forbidden=MANAGERS, of=lambda world: {"pk": world.member.pk}),
    },
    "programmes:member-leave": {"": own(MANAGERS, lambda world: {"pk": world.member.pk}, write=True)},
    "programmes:workspace-event": {"": own(MANAGERS, record("event"))},
    "programmes:event-edit": {"": own(MANAGERS, record("event"), write=True)},
    "programmes:event-cancel": {"": Line(None, MANAGERS, of=record("event"))},
    "programmes:event-attendance": {"": Line(None, MANAGERS, of=record("event"))},
    "api-programme-list": {"": public()},
    "api-programme-detail": {
        "open": public(of=record("programme_open")),
        "draft": Line(asks=False, of=record("programme_draft")),
    },
    "api-programme-results": {
        "running": public(of=record("programme_done")),
        "open": Line(asks=False, of=record("programme_open")),
    },
    "api-call-list": {"": public()},
    "api-call-detail": {
        "open": public(of=record("call_open")),
        "draft": Line(asks=False, of=record("call_draft")),
    },
    "api-call-applications": {"open": Line(None, SIGNED_IN, forbidden=OUTSIDE, asks=False, of=record("call_open"))},
    "api-event-list": {"": public()},
    "api-event-detail": {
        "open": public(of=record("event")),
        "draft": Line(asks=False, of=record("event_draft")),
    },
    "api-event-register": {"open": Line(None, SIGNED_IN, forbidden=OUTSIDE, asks=False, of=record("event"))},
    "api-event-leave": {
        "registered": Line(
            None, frozenset({"city_admin"}), forbidden=EVERYBODY - {"city_admin"}, asks=False, of=record("event")
        ),
    },
    "api-application-list": {"": Line(SIGNED_IN, forbidden=OUTSIDE, asks=False)},
    "api-application-detail": {
        "draft": Line(CITY, forbidden=OUTSIDE, asks=False, of=record("application_draft")),
        "submitted": Line(CITY | DESK, forbidden=OUTSIDE, asks=False, of=record("application")),
    },
    "api-application-answers": {
        "submitted": Line(None, CITY | DESK, forbidden=OUTSIDE, asks=False, of=record("application")),
    },
    **{
        f"api-application-{move}": {
            "submitted": Line(
                None, CITY_SPEAKS, forbidden=OUTSIDE | CITY | DESK, asks=False, of=record("application")
            ),
        }
        for move in ("submit", "withdraw")
    },
    # --- signing in: allauth's own pages ----------------------------------------------------------------------------
    **{
        name: {"": Line(EVERYBODY, EVERYBODY, asks=False)}
        for name in ("account_login", "account_signup", "account_logout", "account_reset_password")
    },
    **{
        name: {"": public()}
        for name in (
            "account_inactive", "account_email_verification_sent", "account_reset_password_done",
            "account_reset_password_from_key_done",
        )
    },
    **{
        name: {"": Line(SIGNED_IN, SIGNED_IN)}
        for name in (
            "account_email", "account_change_password", "account_set_password", "mfa_activate_totp",
            "account_reauthenticate", "mfa_reauthenticate",
        )
    },
    "account_confirm_email": {"": Line(EVERYBODY, NOBODY, asks=False, of=lambda world: {"key": "nonsense"})},
    "account_reset_password_from_key": {
        "": Line(EVERYBODY, EVERYBODY, asks=False, of=lambda world: {"uidb36": "1", "key": "nonsense"})
    },
    "mfa_authenticate": {"": Line(EVERYBODY, EVERYBODY, asks=False)},
    "mfa_index": {"": Line(SIGNED_IN)},
    "mfa_deactivate_totp": {"": Line(NOBODY, NOBODY)},
    "mfa_view_recovery_codes": {"": Line(NOBODY)},
    # The password is asked again before anything is said.
    "mfa_generate_recovery_codes": {"": Line(SIGNED_IN, SIGNED_IN)},
    "mfa_download_recovery_codes": {"": Line(NOBODY)},
}  # fmt: skip
