"""
A run as JUnit's report, which every build server reads.

    <testsuite name="Parts" tests="2" failures="1" errors="0" time="0.123">
      <testcase classname="Parts" name="adds a part" time="0.100"/>
      <testcase classname="Parts" name="adds it again" time="0.023">
        <failure message="status is 200">found 500</failure>
      </testcase>
    </testsuite>
"""

from collections.abc import Sequence

from webservices.tester.collections.runs.runner import CallResult
from webservices.wire.xml.writing import Markup, document, element


def report(name: str, results: Sequence[CallResult]) -> bytes:
    """Write the report of one run of a collection."""
    failures = sum(1 for result in results if not result.passed and not result.problem)
    errors = sum(1 for result in results if result.problem)
    suite = {
        "name": name,
        "tests": str(len(results)),
        "failures": str(failures),
        "errors": str(errors),
        "time": _seconds(sum(result.milliseconds for result in results)),
    }
    return document(element("testsuite", *(_case(name, result) for result in results), attributes=suite))


def _case(collection: str, result: CallResult) -> Markup:
    attributes = {"classname": collection, "name": result.call.name, "time": _seconds(result.milliseconds)}
    failures = [
        element("failure", f"found {finding.found}", attributes={"message": finding.check})
        for finding in result.findings
        if not finding.passed
    ]
    if result.problem:  # JUnit tells an error, a call that could not be made, from a check that failed
        failures.append(element("error", attributes={"message": result.problem}))
    elif not result.passed and not failures:
        failures.append(element("failure", attributes={"message": f"The call failed with status {result.status}."}))
    return element("testcase", *failures, attributes=attributes)


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"
