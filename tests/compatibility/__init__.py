"""The oldest versions that docs/compatibility.md promises; all other tests run the newest."""
