"""Everything kg raises on purpose.

KGError
├── SchemaError   schema.yaml or reference data in kg/data is wrong
├── InputError    a page, a record or an issue's metadata is wrong
├── ModelError    the HanLP model cannot be loaded or used
├── StoreError    the graph database cannot be reached or refuses
└── ReportError   a report, a parameter or a query is wrong

Every message reads "where: what is wrong; what to do".
"""


class KGError(Exception):
    """Base of all errors that a user can mend; the command line prints its message and exits 1."""


class SchemaError(KGError):
    """schema.yaml or a file of kg/data contradicts itself."""


class InputError(KGError):
    """A file, a page or a record cannot be read as what it should be."""


class ModelError(KGError):
    """The recognition model is missing or is no model."""


class StoreError(KGError):
    """The database is out of reach, refuses the password or an operation."""


class ReportError(KGError):
    """A report does not exist, lacks a parameter, or a query would write."""
