"""Tapeline: AI milestones with their sources, beside the market that watched them."""
