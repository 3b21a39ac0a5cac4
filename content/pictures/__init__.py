"""Our own drawings with their parts, and what editors upload: files beside rows."""
