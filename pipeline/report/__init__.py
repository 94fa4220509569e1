"""What a finished run says of itself: report, card, explain, sample, sweep. Readers only; no engine is imported."""
