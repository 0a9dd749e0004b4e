"""Every write to the catalogue by its name. The code stands in the ``*_actions`` modules beside this one."""

from catalog.listing_actions import (
    archive_solution,
    expire_solutions,
    relist_solution,
    remind_of_expiry,
    renew_solution,
    restore_solution,
    review_solution,
    suspend_solution,
)
from catalog.provider_actions import edit_provider, register_provider
from catalog.vocabulary_actions import edit_vocabulary
from catalog.writing_actions import (
    MANY,
    TRANSLATED,
    apply_changes,
    begin_revision,
    create_solution,
    discard_revision,
    edit_solution,
    last_edit,
    missing_fields,
    refresh_search,
    set_capabilities,
    set_claims,
    set_references,
    submit_solution,
)

__all__ = [
    "MANY",
    "TRANSLATED",
    "apply_changes",
    "archive_solution",
    "begin_revision",
    "create_solution",
    "discard_revision",
    "edit_provider",
    "edit_solution",
    "edit_vocabulary",
    "expire_solutions",
    "last_edit",
    "missing_fields",
    "refresh_search",
    "register_provider",
    "relist_solution",
    "remind_of_expiry",
    "renew_solution",
    "restore_solution",
    "review_solution",
    "set_capabilities",
    "set_claims",
    "set_references",
    "submit_solution",
    "suspend_solution",
]
