"""The pages of accounts, one file per noun."""
