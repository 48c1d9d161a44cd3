"""What things cost: `python -m benchmarks [ONLY]` prints one JSON line a benchmark."""
