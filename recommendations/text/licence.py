"""On what terms the record may be used, whoever runs the site: on every page and in every file."""

LICENCE = "CC BY 4.0"
# As registries of licences write it (SPDX).
LICENCE_ID = "CC-BY-4.0"
LICENCE_TITLE = "Creative Commons Attribution 4.0 International"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
