"""What a reader can say in words where buttons say it too."""
