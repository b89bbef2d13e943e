"""Which plans get money: people score 1 to 5, a rule that stood before the evening decides."""
