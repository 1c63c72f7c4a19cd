"""Finished functions of the later pages: models other than the plain network, and ways to judge them."""
