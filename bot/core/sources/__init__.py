"""What a source type has to bring: how it asks for its feed and how it reads the answer."""
