"""The description of the API (OpenAPI 3.1), made of the rows, the filters and the addresses."""
