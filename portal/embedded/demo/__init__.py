"""The demo: cities that exist, everything else invented by us. Records written here carry ``is_demo``."""
