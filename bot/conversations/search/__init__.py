"""/search: the archive by words, topics and dates."""
