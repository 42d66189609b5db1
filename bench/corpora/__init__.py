"""What is measured on a corpus of stories, and prints a report of its own."""
