"""Pages of the matcher, one file a group."""
