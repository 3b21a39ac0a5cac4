"""How staff sign in: every password check takes a place in a limit first, and every one is noted."""
