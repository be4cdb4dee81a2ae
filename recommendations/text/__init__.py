"""Words and their form: their language, punctuation, dates in words, differences, revisions."""
