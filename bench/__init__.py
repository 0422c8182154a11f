"""Benchmarks: ratios against a peer in the same run, on generated data; run by `make bench`, never as a timed test."""
