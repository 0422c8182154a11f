"""Readers of foreign bytes that run in a process of their own: neither Django nor the settings are loaded there."""
