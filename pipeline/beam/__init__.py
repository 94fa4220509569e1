"""The only room that knows Apache Beam: transforms, passes, runners."""
