"""A record that is written in sections: its parts, how they are typed, and two versions side by side."""
