"""Accounts, sign-in and access: who you are and what you may see."""
