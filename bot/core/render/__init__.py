"""Events into messages: escaped, within the limits, in the reader's language."""
