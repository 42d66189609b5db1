"""Where in a chat news comes: the threads of a forum, a thread for each section, and what goes wrong there."""
