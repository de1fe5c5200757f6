"""The commands people send, one module each."""
