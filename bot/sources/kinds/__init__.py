"""The kinds of source, a file each; `bot.sources.registry` has a line for each."""
