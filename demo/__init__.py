"""The demo: fictional people, two legal days, sample files. Only `config` may import it."""
