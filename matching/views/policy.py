"""How ranking works: the configuration in words, and as it is."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matching import policy
from matching.engine import EXPERT
from matching.engine.display import displayed_score, sigmoid


@require_safe
def ranking_policy(request: HttpRequest) -> HttpResponse:
    context = {
        "weights": policy.weights(),
        "heaviest": max(one.weight for one in policy.weights()),
        "gates": policy.gates(),
        "bands": policy.bands(),
        "never": policy.NEVER,
        "base_points": displayed_score(sigmoid(EXPERT.base_logit)),
        **policy.ladders(),
        **policy.identity(),
    }
    return render(request, "matching/ranking_policy.html", context)


@require_safe
def ranking_configuration(request: HttpRequest) -> HttpResponse:
    """The configuration as the engine reads it, so that a score can be computed again elsewhere."""
    return JsonResponse({"id": EXPERT.id, **policy.identity(), "configuration": EXPERT.to_json()})
