"""What shows the desk to its people: groups, cards that follow their stories, notices."""
