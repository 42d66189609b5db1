"""People and sources of a newsroom: who may do what until when, and where its news come from."""
