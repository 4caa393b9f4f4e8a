"""The read side: one SELECT room per page, each giving frozen rows that templates show; nothing here writes."""
