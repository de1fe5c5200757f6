"""Vistka: reads news about prisoner swaps and strikes, keeps one living Telegram post per event."""
