"""Many records for measuring: seeded, like real ones in size and frequency, written by COPY, removable."""
