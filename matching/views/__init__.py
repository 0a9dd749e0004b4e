"""Pages of the matcher, one file a group; and the matcher's part of everybody's home page."""

from matching.views.home import home_context

__all__ = ["home_context"]
