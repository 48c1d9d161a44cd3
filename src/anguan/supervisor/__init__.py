"""Starts and stops the processes; no Django.

`postgres` keeps the embedded PostgreSQL of a data folder for as long as anybody uses it; `processes` keeps the
platform's own processes; `lifeline` ties a process to the one that started it.
"""
