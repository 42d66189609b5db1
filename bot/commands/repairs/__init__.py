"""What `check` finds out of order beside the settings, and what `check --fix` does about it."""
