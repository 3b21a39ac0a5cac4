"""The page of the matrix: a grid of cells, the form of one, several scores at once, and what a reviewer compares."""
