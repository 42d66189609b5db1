"""The second way to everything: commands as buttons, and settings in words."""
