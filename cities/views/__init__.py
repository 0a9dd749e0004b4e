"""The pages of the cities, by what people do on them."""

from cities.views.home import home_context

__all__ = ["home_context"]
