"""What the daemon does on its own, one module per scheduled job."""
