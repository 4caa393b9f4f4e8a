"""Workbooks that people hand in: proved harmless, read, checked row by row, taken over whole or not at all."""
