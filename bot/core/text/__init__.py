"""Language mechanics without subject words: from raw text to sentences with tokens, numbers, dates, places and marks."""
