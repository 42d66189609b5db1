"""What keeps the desk up to date: the cards that are shown, the groups that are the desk, and notices to people."""
