"""The pages of the catalogue, by what people do on them."""
