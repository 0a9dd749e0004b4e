"""Pages about evidence: a provider asks, a city answers, a moderator checks, a provider renews."""
