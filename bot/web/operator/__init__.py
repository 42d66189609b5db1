"""The operator's page: what a running bot does and what is wrong with it, for who has the token."""
