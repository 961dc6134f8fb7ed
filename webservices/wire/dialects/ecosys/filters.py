"""
The limits that an API sets to a call: its switches, its filter and its runtime parameters.

    <SampleObjectParameters><filter>ABC</filter></SampleObjectParameters>      territory = ABC, for a read; for a write
                                                                               both before and after it
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.problems import Family, Path, Problem, ProblemError, invalid_problem
from records.shapes.resources import Resource
from records.shapes.values import quote_text
from webservices.wire.dialects.ecosys.codes import UNKNOWN_API
from webservices.wire.dialects.ecosys.columns import get_columns, resolve_path
from webservices.wire.dialects.ecosys.context import EcoSysContext
from webservices.wire.dialects.ecosys.names import VERBS, is_enabled, list_enabled
from webservices.wire.dialects.ecosys.published import EcoSysSettings, Parameter, PublishedApi, split_path
from webservices.wire.messages import Call
from webservices.wire.operations import Action, Kind, Operation, Operations, Verb

ParameterTexts = Sequence[tuple[str, str]]  # ids and values of runtime parameters, as they were sent


def find_api(name: str, settings: EcoSysSettings) -> PublishedApi:
    """Return the published API of a name; raises ProblemError when there is none."""
    for api in settings.apis:
        if api.name == name:
            return api
    known = ", ".join(api.name for api in settings.apis) or "none"
    text = f"There is no API {quote_text(name)} here; published are {known}."
    raise ProblemError(Problem(UNKNOWN_API, Family.UNKNOWN_OPERATION, text))


def find_operation(api: PublishedApi, verb: Verb | Action, operations: Operations) -> Operation:
    """Return the operation of an API; raises ProblemError where its switches do not allow it."""
    operation = operations.get(api.plural, verb)
    if operation is None or not is_enabled(api, verb):
        enabled = ", ".join(VERBS[each] for each in list_enabled(api)) or "none"
        text = f"{VERBS[verb]} is not enabled for the API {api.name}; enabled are {enabled}."
        raise ProblemError(Problem("not-enabled", Family.UNKNOWN_OPERATION, text))
    return operation


def apply_filters(call: Call, context: EcoSysContext, parameters: ParameterTexts) -> Call:
    """
    Narrow the call to the API's filter and the runtime parameters that were sent.

    Raises ProblemError for a parameter that is not defined, comes twice, or is required and missing.
    """
    api_filter, requested = context.api.filter, tuple(_read_criteria(call, context, parameters))
    if call.operation.kind is not Kind.WRITE:
        return replace(call, criteria=(*api_filter, *requested))
    read_only = get_columns(context, call.operation.resource).read_only_fields
    # A record must meet the parameters before the write, and both afterwards: nothing is moved out of sight.
    scope = Scope(before=requested, within=api_filter, after=(*api_filter, *requested), read_only=read_only)
    return replace(call, scope=scope)


def _read_criteria(call: Call, context: EcoSysContext, parameters: ParameterTexts) -> Iterator[Criterion]:
    api = context.api
    texts: dict[str, str] = {}
    for name, text in parameters:
        if name not in {parameter.id for parameter in api.parameters}:
            known = ", ".join(parameter.id for parameter in api.parameters) or "none"
            sentence = f"{quote_text(name)} is no runtime parameter of {api.name}; defined are {known}."
            raise ProblemError(invalid_problem(sentence, code="undefined-parameter"))
        if name in texts:
            raise ProblemError(invalid_problem(f"The runtime parameter {name} comes twice.", code="parameter-twice"))
        texts[name] = text.strip()
    for parameter in api.parameters:
        if texts.get(parameter.id):  # a blank parameter counts as absent
            yield _build_criterion(parameter, texts[parameter.id], call, context)
        elif parameter.required:
            sentence = f"The runtime parameter {parameter.id} of {api.name} is required."
            raise ProblemError(Problem("missing-parameter", Family.MISSING, sentence))


def _build_criterion(parameter: Parameter, text: str, call: Call, context: EcoSysContext) -> Criterion:
    values = tuple(map(str.strip, text.split(","))) if parameter.comparator is Comparator.IN else (text,)
    return replace(blank_criterion(parameter, call.operation.resource, context), values=values)


def blank_criterion(parameter: Parameter, resource: Resource, context: EcoSysContext) -> Criterion:
    """Return the criterion that a parameter of the context's API stands for, without its value."""
    path = _resolve_path(parameter, resource, context)
    return Criterion(path, parameter.comparator, or_id=_is_lookup(path, resource))


def _is_lookup(path: Path, resource: Resource) -> bool:
    """True if a field names a record, this or another: by its display id or, if that is nobody's, its internal id."""
    field = resource.by_name.get(str(path[0]))
    names_another = field is not None and field.reference is not None and field.reference.by[0] != "id"
    return path == resource.key or names_another


def _resolve_path(parameter: Parameter, resource: Resource, context: EcoSysContext) -> Path:
    """Return the path of a parameter's field; of a map, with the site's own language or currency."""
    path = split_path(parameter.field)
    field = resource.by_name.get(str(path[0]))
    entries = {"language": context.language, "currency": context.currency}
    return path if field is None else resolve_path(path, field, entries)


def build_parameters(call: Call, context: EcoSysContext) -> list[tuple[str, str]]:
    """Build the parameters of a call's criteria, as far as the API has such: undoes `apply_filters`."""
    requested = call.scope.before if call.operation.kind is Kind.WRITE else call.criteria
    criteria = list(requested or ())
    for each in context.api.filter:
        if each in criteria:
            criteria.remove(each)
    found = []
    for parameter in context.api.parameters:
        comparison = _resolve_path(parameter, call.operation.resource, context), parameter.comparator
        matching = next((each for each in criteria if (each.path, each.comparator) == comparison), None)
        if matching is not None:
            criteria.remove(matching)  # two parameters may compare one field: each takes one criterion
            found.append((parameter.id, ",".join(matching.values)))
    return found
