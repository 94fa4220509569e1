"""Rules and edits about unsafe content: addresses of people, blocked sites, dirty words. Pure like all rules."""
