"""Figures in the chat: `/stats`, a story's figures, both as pictures, and the daily report."""
