"""What is measured; each module yields rows."""
