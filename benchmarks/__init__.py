"""What `make bench` measures. Each module but `run` has a function `measure() -> list[Row]`."""
