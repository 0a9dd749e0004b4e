"""How many requests a minute the API takes from one caller, counted in the cache: without it nothing is counted."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

if TYPE_CHECKING:  # the settings name this module, and rest_framework.views reads them while it is being imported
    from rest_framework.views import APIView


class Writes(UserRateThrottle):
    """What changes something has a limit of its own, below that of reading."""

    scope = "write"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        return request.method in SAFE_METHODS or super().allow_request(request, view)


class Suggestions(UserRateThrottle):
    """One for each pause in typing, of people and of visitors by their address."""

    scope = "suggest"
