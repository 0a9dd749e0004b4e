"""What helps a city write its demand and carry it through: counts, examples, hints, the council brief."""
