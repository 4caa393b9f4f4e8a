"""The performance suite: every figure of one run is measured interleaved with what it is compared with."""
