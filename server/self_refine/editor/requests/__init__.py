"""One module per request of the client. May import the other rooms."""
