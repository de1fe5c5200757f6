"""What the commands of `vistka events` do."""
