"""How ranking works: the configuration in words, and as it is."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matching import policy
from matching.configuration import active_config
from matching.engine.display import displayed_score, sigmoid
from matching.engine.ordering import ORDER
from matching.moves import order_rules
from matching.words import Words


@require_safe
def ranking_policy(request: HttpRequest) -> HttpResponse:
    config = active_config()
    weights = policy.weights(config)
    context = {
        "weights": weights,
        "heaviest": weights[0].weight,
        "gates": policy.gates(),
        "bands": policy.bands(config),
        "never": policy.NEVER,
        "order": order_rules(Words()),
        "shown": ORDER.shown,
        "base_points": displayed_score(sigmoid(config.base_logit)),
        **policy.ladders(config),
        **policy.identity(config),
    }
    return render(request, "matching/ranking_policy.html", context)


@require_safe
def ranking_configuration(request: HttpRequest) -> HttpResponse:
    """The configuration as the engine reads it, so that a score can be computed again elsewhere."""
    config = active_config()
    return JsonResponse(
        {"id": config.id, **policy.identity(config), "configuration": config.to_json(), "order": asdict(ORDER)}
    )
