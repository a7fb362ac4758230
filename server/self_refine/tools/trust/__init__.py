"""What the user has allowed to run, kept outside of every workspace. May import `tools`."""
