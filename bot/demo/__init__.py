"""A fortnight of bundled news, published again by loopback outlets and read by the daemon's own jobs, at speed."""
