"""A Dockerfile read and replayed without a container engine."""
