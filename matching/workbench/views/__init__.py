"""Pages of the workbench, one file a group."""
