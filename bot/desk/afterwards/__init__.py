"""After a story is out: prepare its correction, see how far that has come, find the story of a message."""
