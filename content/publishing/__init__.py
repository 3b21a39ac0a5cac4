"""From what an editor types to what readers see: saved versions, checks, and the verbs that put a version live."""
