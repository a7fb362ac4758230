"""The command line: reads arguments and files, prints reports. All decisions are made elsewhere."""
