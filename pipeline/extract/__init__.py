"""Archive records and HTML to text: WARC, charsets, main content."""
