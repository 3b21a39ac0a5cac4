"""Finding things: words, the index, the passage that a result shows, and where both come from."""
