"""What chats chose, as lines that another installation can read: by slugs and addresses, and no number of ours."""
