"""The pages of the catalogue, by what people do on them."""

from catalog.views.home import home_context

__all__ = ["home_context"]
