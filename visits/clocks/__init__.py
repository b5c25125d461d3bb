"""The two visit clocks: dated facts and the rules in force in, every duty that ever was out. Pure but for `gathering`."""
