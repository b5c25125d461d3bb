"""One place where everything waits that goes up to senior managers."""
