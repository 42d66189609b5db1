"""What a search of the archive is, in words of our own."""
