"""The doors: how an app's own HTTP client arrives, and that it arrives nowhere else."""
