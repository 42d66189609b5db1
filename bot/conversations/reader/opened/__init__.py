"""What stands under a story that a person opened: its neighbours in the list, saving, its topic to follow."""
