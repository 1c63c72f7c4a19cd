"""Finished functions of the later pages: models beside the plain network, and ways to judge them."""
