"""Templates and catalogues: the shipped ones and a newsroom's own, rendered within limits."""
