"""A web played on this machine: names and addresses of the public internet, by a connector."""
