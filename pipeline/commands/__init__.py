"""The commands, a file for each kind: parse, call, print. What is heavy is imported by the command that needs it."""
