"""What history says of parameters: hindcast, emulator, history matching, parameter sets."""
