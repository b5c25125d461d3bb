"""What comes after a visit and around reviews: actions of the provider, forms read, what the IRO does, what is agreed."""
