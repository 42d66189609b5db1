"""/latest: the newest stories, of a topic, of some days, in a language, page by page."""
