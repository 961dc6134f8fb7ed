"""All dialects, at a glance."""

from webservices.dialects.crm.dialect import CRM
from webservices.dialects.ecosys.dialect import ECOSYS, ECOSYS_REST_JSON, ECOSYS_REST_XML
from webservices.dialects.expandable.dialect import EXPANDABLE
from webservices.dialects.oracle.dialect import ORACLE_1_0, ORACLE_2_0
from webservices.dialects.rest.dialect import REST
from webservices.dialects.sap.dialect import SAP
from webservices.dialects.shape import Dialect

DIALECTS: tuple[Dialect, ...] = (
    ORACLE_2_0, ORACLE_1_0, CRM, ECOSYS, ECOSYS_REST_XML, ECOSYS_REST_JSON, EXPANDABLE, REST, SAP,
)  # fmt: skip
