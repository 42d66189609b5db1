"""The archive searched for a reader: what the words mean, what is found, what may be looked for instead."""
