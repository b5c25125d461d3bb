"""The gallery: every page as a picture, 360 and 1280 pixels wide, taken by `make pictures` into docs/pictures.

Read `tables` from top to bottom as the gallery reads; `records` finds what an address is about, `acts` is what somebody
does before the picture is taken, `beforehand` what the invented authority has not got by itself.
"""
