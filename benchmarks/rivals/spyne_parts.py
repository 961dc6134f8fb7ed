"""getParts of one part with spyne: its own types and envelopes, in the names of the hub's contract."""

from time import gmtime, strftime

from spyne import Application, ComplexModel, Fault, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

from benchmarks.rivals.database import find_part
from benchmarks.rivals.floor import ANSWERED, COLUMNS

NAMESPACE = "http://xmlns.oracle.com/cpqcloud/parts"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


class UsernameToken(ComplexModel):
    __namespace__ = WSSE
    _type_info = [("Username", Unicode), ("Password", Unicode)]


class Security(ComplexModel):
    __namespace__ = WSSE
    _type_info = [("UsernameToken", UsernameToken)]


class Criteria(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("field", Unicode), ("value", Unicode), ("comparator", Unicode)]


class Selection(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("criteria", Criteria)]


class Description(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("en", Unicode)]


class Prices(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("USD", Unicode)]


class Part(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [(name, {"description": Description, "price": Prices}.get(name, Unicode)) for name in ANSWERED]


class Status(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("success", Unicode), ("message", Unicode), ("records_returned", Unicode)]


class Parts(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("each_record", Part.customize(max_occurs="unbounded"))]


class PartsService(ServiceBase):
    __in_header__ = Security

    @rpc(Selection, _returns=[Status, Parts], _out_variable_names=["status", "Parts"])
    def getParts(ctx, Parts):
        token = ctx.in_header.UsernameToken
        try:
            row = find_part(token.Username, token.Password, Parts.criteria.value)
        except PermissionError:
            raise Fault("Client", "The user name or the password is wrong.") from None
        records = [] if row is None else [_build_part(row)]
        message = f"{strftime('%a %b %d %H:%M:%S UTC %Y', gmtime())} - Counterpart processed getParts"
        return Status(success="true", message=message, records_returned=str(len(records))), _build_parts(records)


def _build_parts(records: list[Part]) -> Parts:
    return Parts(each_record=records)


def _build_part(row: tuple) -> Part:
    values = dict.fromkeys(ANSWERED, "") | dict(zip(COLUMNS, row, strict=False))
    return Part(**{**values, "description": Description(**dict(row[-2])), "price": Prices(**dict(row[-1]))})


application = WsgiApplication(Application([PartsService], NAMESPACE, in_protocol=Soap11(), out_protocol=Soap11()))
