"""
SAP CPQ's functions, a row for each: its parameters, what they do, the form of its document.

    CustomerAdministration       username, password, action, xml     Root / Customers / Customer
    doUSeeMe                     username, password
    SimpleProductAdministration  userName, password, action, xDoc    Products / Product
    ImportMaterialsFromERP       userName, password, xDoc            Products / Product

The vendor spells the same parameter in two ways, and a client has what its function's WSDL says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from webservices.wire.operations import Action, Operation, Verb

DIALECT = "sap-cpq"  # the name of the dialect, and of its vendor data
NAMESPACE = "http://webcominc.com/"
PATH = "/wsAPI/CPQAPI.asmx"
ADMIN_PATH = "/wsAPI/wssrv.asmx"
PASSWORD, ACTION = "password", "action"  # in every function that has them
CUSTOMERS, SESSIONS, PARTS, LANGUAGES = "customers", "sessions", "parts", "text_languages"
UPSERT = "ADDORUPDATE"

Asked = tuple[str, Verb | Action]  # the plural name of a resource, and what is done


@dataclass(frozen=True)
class DocumentForm:
    """
    The form of a document: the elements from its root down to a record.

    search    the element beside the one around the records that says how they are found; "": there is none
    any_case  names are taken in any case, as the vendor's own samples have them
    noun      of the records, in sentences
    """

    path: tuple[str, ...]
    search: str = ""
    any_case: bool = False
    noun: str = "records"

    @property
    def record(self) -> str:
        return self.path[-1]

    @property
    def levels(self) -> int:
        return len(self.path)

    def is_named(self, name: str, *names: str) -> bool:
        """True if an element has one of these names."""
        return name in names or (self.any_case and name.lower() in {each.lower() for each in names})


@dataclass(frozen=True, eq=False)
class Function:
    """
    One web method.

    user, document  the names of these parameters; "": it has no document
    actions         what is done, by the value of its parameter `action`; "": it has no such parameter
    form            of its document
    says            what it does, for the WSDL and the page
    paths           the addresses whose contracts list it, its own first; it is taken at both
    joins_errors    its Result has one Error for all records, in the vendor's namespace
    """

    name: str
    user: str
    actions: Mapping[str, Asked]
    says: str
    paths: Sequence[str]
    document: str = ""
    form: DocumentForm = field(default=DocumentForm(()))
    joins_errors: bool = False

    @property
    def has_action(self) -> bool:
        return "" not in self.actions

    @property
    def parameters(self) -> tuple[str, ...]:
        action = (ACTION,) if self.has_action else ()
        return (self.user, PASSWORD, *action, *filter(None, (self.document,)))

    @property
    def plural(self) -> str:
        """The plural name of its records: that of the service that it is in."""
        return next(iter(self.actions.values()))[0]

    def find_action(self, operation: Operation) -> str | None:
        """Return the action that asks for an operation; None: the function does not have it."""
        asked = (operation.resource.plural, operation.verb)
        return next((action for action, each in self.actions.items() if each == asked), None)


CUSTOMER_ACTIONS: Mapping[str, Asked] = {
    "ADD": (CUSTOMERS, Verb.ADD),
    "UPDATE": (CUSTOMERS, Verb.UPDATE),
    UPSERT: (CUSTOMERS, Verb.PUT),
    "DELETE": (CUSTOMERS, Verb.REMOVE),
}
PRODUCT_ACTIONS: Mapping[str, Asked] = {
    UPSERT: (PARTS, Verb.PUT),
    "DELETE": (PARTS, Verb.REMOVE),
    "GETLANGUAGES": (LANGUAGES, Action.SHOW),
}
PRODUCTS = DocumentForm(("Products", "Product"), any_case=True, noun="products")

ADMINISTRATION = Function(
    name="CustomerAdministration",
    user="username",
    actions=CUSTOMER_ACTIONS,
    says=f"Adds, changes and deletes customers: action is one of {', '.join(CUSTOMER_ACTIONS)}. xml holds a Root in no "
    "namespace with SearchFields and Customers, as elements or as text.",
    paths=(PATH, ADMIN_PATH),
    document="xml",
    form=DocumentForm(("Root", "Customers", "Customer"), search="SearchFields", noun="customers"),
)
HEALTH = Function(
    name="doUSeeMe",
    user="username",
    actions={"": (SESSIONS, Action.SHOW)},
    says="Says ICANSEEYOU to whom the user name and the password let in.",
    paths=(PATH, ADMIN_PATH),
)
PRODUCT_ADMINISTRATION = Function(
    name="SimpleProductAdministration",
    user="userName",
    actions=PRODUCT_ACTIONS,
    says=f"Adds, changes and deletes products, or names the languages: action is one of {', '.join(PRODUCT_ACTIONS)}. "
    "xDoc holds Products, as elements or as text; GETLANGUAGES needs none.",
    paths=(ADMIN_PATH,),
    document="xDoc",
    form=PRODUCTS,
    joins_errors=True,
)
IMPORT = Function(
    name="ImportMaterialsFromERP",
    user="userName",
    actions={"": (PARTS, Verb.PUT)},
    says="Adds and changes the products that are materials of an ERP, by their ProductSystemId. xDoc holds Products, "
    "as elements or as text.",
    paths=(ADMIN_PATH,),
    document="xDoc",
    form=PRODUCTS,
    joins_errors=True,
)
FUNCTIONS: Mapping[str, Function] = {
    each.name: each for each in (ADMINISTRATION, HEALTH, PRODUCT_ADMINISTRATION, IMPORT)
}
USERS = frozenset(function.user for function in FUNCTIONS.values())
SERVICES: Mapping[str, str] = {PATH: "CpqApi", ADMIN_PATH: "WsSrv"}
LEVELS = max(function.form.levels for function in FUNCTIONS.values())


def functions_at(path: str) -> list[Function]:
    """Return the functions that the contract of an address lists."""
    return [function for function in FUNCTIONS.values() if path in function.paths]


def functions_of(operation: Operation) -> list[Function]:
    """Return the functions that ask for an operation; []: SAP has none."""
    return [function for function in FUNCTIONS.values() if function.find_action(operation) is not None]
