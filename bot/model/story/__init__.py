"""What a story is: its content, its state, its topics, the forms in which it is shown."""
