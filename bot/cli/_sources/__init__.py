"""What stands behind `vistka sources`: the file of sources, a look at feeds, and what people are shown of both."""
