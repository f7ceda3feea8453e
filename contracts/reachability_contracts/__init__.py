"""The contract suite: proves that the fake, and one day the live service, keep `openapi.yaml`."""
