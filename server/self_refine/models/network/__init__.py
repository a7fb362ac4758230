"""How an endpoint is reached: proxies, certificates, names, keys. May import `models` and below."""
