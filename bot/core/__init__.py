"""Everything Vistka decides, without a clock, network, disk, randomness or log: the same input, the same answer."""
