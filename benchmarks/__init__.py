"""`make bench`: how fast each part is on one core, beside R, the same documents through `str.split`."""
