"""The pictures, one table for each group of people; the gallery shows them in this order."""
