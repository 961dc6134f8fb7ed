"""The dialects: the one table that lists them. A new one is a folder beside this module, and a line here."""

from webservices.wire.dialects.base import Dialect
from webservices.wire.dialects.crm.dialect import CRM
from webservices.wire.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON, ECOSYS_REST_XML
from webservices.wire.dialects.expandable.dialect import EXPANDABLE
from webservices.wire.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0
from webservices.wire.dialects.oracle_rest.dialect import ORACLE_REST
from webservices.wire.dialects.rest.dialect import REST
from webservices.wire.dialects.sap.dialect import SAP

DIALECTS: tuple[Dialect, ...] = (
    ORACLE_2_0, ORACLE_1_0, ORACLE_REST, CRM, ECOSYS, ECOSYS_REST_XML, ECOSYS_REST_JSON, EXPANDABLE, REST, SAP,
)  # fmt: skip
