"""Photographs of the child's room and of the home: taken on a phone, kept small, without what the camera wrote into them."""
