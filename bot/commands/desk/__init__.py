"""Commands of the desk: stories, pushes, the record. They call the verbs that buttons call, and need no approval."""
