"""Where in a chat news comes, what stands below a post, and what is told of troubles."""
