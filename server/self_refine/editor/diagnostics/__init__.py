"""What is shown on the words of a document. May import `documents` and `rpc`."""
