"""What people see of a run: its passes, what each change resolves. May import `loop`, `text`."""
