"""What the pages show: pictures, the unrolled network, the walk, a training while it runs."""
