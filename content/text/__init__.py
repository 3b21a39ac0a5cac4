"""What a text holds: Markdown to safe HTML; lines, headings, links and pictures of it; how hard it is to read."""
