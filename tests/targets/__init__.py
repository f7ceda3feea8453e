"""The targets that scenarios are played against."""
