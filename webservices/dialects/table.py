"""All dialects, at a glance."""

from webservices.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0
from webservices.dialects.rest.dialect import REST
from webservices.dialects.shape import Dialect

DIALECTS: tuple[Dialect, ...] = (ORACLE_2_0, ORACLE_1_0, REST)
