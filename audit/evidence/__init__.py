"""Evidence for outsiders: one ZIP that proves itself, and the file that checks it without us."""
