"""A fortnight of bundled news, served by loopback outlets and read by the daemon's own jobs."""
