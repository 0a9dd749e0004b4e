"""Pooled demands: several cities that want the same ask for it together, each by its own consent."""
