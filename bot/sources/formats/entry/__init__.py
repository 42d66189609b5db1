"""What an entry of a feed holds: its texts, its link, its media."""
