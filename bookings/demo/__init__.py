"""The made-up clinic: who practises when (clinic), and requests of invented people in every state (requests)."""
