"""Time is blocked, and whoever it hits is answered in the same press."""
