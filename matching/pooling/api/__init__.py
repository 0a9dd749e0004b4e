"""Pooled demands for the cities that are asked or take part, and ICLEI, as JSON."""
