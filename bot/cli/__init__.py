"""The commands of `vistka`, one module each."""
