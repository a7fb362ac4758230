"""One module per command of the prompt. May import `cli.output` and every package below."""
