"""The long counts: what must hold after thousands of rounds and can't be waited for in the tests."""
