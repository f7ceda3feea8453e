"""The examples work as their README says."""
