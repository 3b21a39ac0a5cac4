"""Reading the matrix: how treatments fit concerns, from either side, and treatments side by side."""
