"""All content as files: Markdown, YAML and CSV that people can read, and that load again."""
