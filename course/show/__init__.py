"""What the pages show: pictures, the unrolled network, the walk, live training."""
