"""Freeze a draw, publish it, decide it by a public number, and keep what becomes of each seat."""
