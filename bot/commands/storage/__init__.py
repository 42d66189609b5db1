"""The commands that keep the database: migrate, back up, restore, move."""
