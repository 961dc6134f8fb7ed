"""
What an API allows of a call: which operations it has, and what its filter and its runtime parameters let it see and
write.

    <SampleObjectParameters><filter>ABC</filter></SampleObjectParameters>      territory = ABC, of what is read, and
                                                                               before and after what is written
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from records.shapes.criteria import Comparator, Criterion, Scope
from records.shapes.problems import Family, Problem, ProblemError, invalid
from records.shapes.values import quoted
from webservices.wire.dialects.ecosys.columns import columns_of, resolved
from webservices.wire.dialects.ecosys.context import EcoSysContext
from webservices.wire.dialects.ecosys.names import UNKNOWN_API, VERBS, is_on
from webservices.wire.dialects.ecosys.published import EcoSysSettings, Parameter, PublishedApi, path_of
from webservices.wire.messages import Call
from webservices.wire.operations import Operation, Operations, Verb

Given = Sequence[tuple[str, str]]


def api_named(name: str, settings: EcoSysSettings) -> PublishedApi:
    """The published API; raises ProblemError."""
    for api in settings.apis:
        if api.name == name:
            return api
    known = ", ".join(api.name for api in settings.apis) or "none"
    text = f"There is no API {quoted(name)} here; published are {known}."
    raise ProblemError(Problem(UNKNOWN_API, Family.UNKNOWN_OPERATION, text))


def operation_of(api: PublishedApi, verb: Verb, operations: Operations) -> Operation:
    """The operation, where the API's switches allow it; raises ProblemError."""
    operation = operations.get(api.plural, verb)
    if operation is None or not is_on(api, verb):
        on = ", ".join(VERBS[each] for each in VERBS if is_on(api, each)) or "none"
        text = f"{VERBS[verb]} is not enabled for the API {api.name}; enabled are {on}."
        raise ProblemError(Problem("not-enabled", Family.UNKNOWN_OPERATION, text))
    return operation


def narrowed(call: Call, context: EcoSysContext, given: Given) -> Call:
    """
    The call within the API's filter and the parameters that were given; raises ProblemError for a parameter that is not
    defined, comes twice, or is missing.
    """
    fixed, asked = context.api.filter, tuple(_criteria(call, context, given))
    if call.operation.verb is Verb.FIND:
        return replace(call, criteria=(*fixed, *asked))
    kept = columns_of(context, call.operation.resource).kept
    return replace(call, scope=Scope(before=asked, within=fixed, after=(*fixed, *asked), read_only=kept))


def _criteria(call: Call, context: EcoSysContext, given: Given) -> Iterable[Criterion]:
    api = context.api
    texts = {}
    for name, text in given:
        if name not in {parameter.id for parameter in api.parameters}:
            known = ", ".join(parameter.id for parameter in api.parameters) or "none"
            sentence = f"{quoted(name)} is no runtime parameter of {api.name}; defined are {known}."
            raise ProblemError(invalid(sentence, code="undefined-parameter"))
        if name in texts:
            raise ProblemError(invalid(f"The runtime parameter {name} comes twice.", code="parameter-twice"))
        texts[name] = text.strip()
    for parameter in api.parameters:
        if texts.get(parameter.id):
            yield _criterion(parameter, texts[parameter.id], call, context)
        elif parameter.required:
            sentence = f"The runtime parameter {parameter.id} of {api.name} is required."
            raise ProblemError(Problem("missing-parameter", Family.MISSING, sentence))


def _criterion(parameter: Parameter, text: str, call: Call, context: EcoSysContext) -> Criterion:
    values = tuple(map(str.strip, text.split(","))) if parameter.comparator is Comparator.IN else (text,)
    return Criterion(_path(parameter, call, context), parameter.comparator, values)


def _path(parameter: Parameter, call: Call, context: EcoSysContext) -> tuple:
    path = path_of(parameter.field)
    field = call.operation.resource.by_name.get(str(path[0]))
    entries = {"language": context.language, "currency": context.currency}
    return path if field is None else resolved(path, field, entries)


def parameters_from(call: Call, context: EcoSysContext) -> list[tuple[str, str]]:
    """Undoes `narrowed`: the parameters that say the call's criteria, as far as the API has such."""
    said = call.criteria if call.operation.verb is Verb.FIND else call.scope.before
    criteria = list(said or ())
    for each in context.api.filter:
        if each in criteria:
            criteria.remove(each)
    found = []
    for parameter in context.api.parameters:
        asked = _path(parameter, call, context), parameter.comparator
        matching = next((each for each in criteria if (each.path, each.comparator) == asked), None)
        if matching is not None:
            criteria.remove(matching)
            found.append((parameter.id, ",".join(matching.values)))
    return found
