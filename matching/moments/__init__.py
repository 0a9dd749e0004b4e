"""Figures of a large portal, counted by workers and stored, because no page can wait for them."""
