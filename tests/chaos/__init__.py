"""The whole system under load while its processes are killed: what was acknowledged has happened, once and whole."""
