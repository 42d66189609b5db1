"""The index of the archive by the words of its stories, one for each kind of database behind one interface."""
