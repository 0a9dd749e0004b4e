"""UrbanLink on one machine: PostgreSQL, Valkey, worker, sweeper and web under one supervisor, and the demo content.

Nothing in this package but `preparation` and the demo loads Django: the supervisor has to stay small, single-threaded
and able to say what is wrong when the portal itself cannot start.
"""
