from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # the settings name this module, and rest_framework.views reads them while it is being imported
    from rest_framework.views import APIView


class Declared(BasePermission):
    """Default deny: an API view answers only the methods it lists in ``policy`` (method → predicate on the user)."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        policy = getattr(view, "policy", {})
        allowed = policy.get(request.method or "")
        return bool(allowed and allowed(request.user))


def anybody(user: object) -> bool:
    return True


def signed_in(user: object) -> bool:
    return bool(getattr(user, "is_authenticated", False))
