"""What the harvest writes for others: answers for the mailing side, letters for senders."""
