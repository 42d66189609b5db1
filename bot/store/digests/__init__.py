"""Digests: what there is to tell, what several chats are told alike, and those that are due, by set."""
