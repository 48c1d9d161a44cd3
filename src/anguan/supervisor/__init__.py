"""Starts and stops the processes; no Django."""
