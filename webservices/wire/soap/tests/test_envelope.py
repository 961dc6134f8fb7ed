"""Envelopes of both versions: header first, then the operation, then its records as a stream."""

import re

import pytest

from records.shapes.problems import ProblemError
from records.tests.cast import table
from webservices.wire.credentials import Password, RejectedCredentials
from webservices.wire.soap.envelope import (
    MUST_UNDERSTAND,
    VERSION_MISMATCH,
    Envelope,
    operation_in_action,
    write_envelope,
)
from webservices.wire.soap.faults import Fault, must_understand, version_mismatch, write_fault
from webservices.wire.soap.security import NOT_IN_CLEAR, TOO_LONG, security_block, user_name_token
from webservices.wire.soap.versions import SOAP_11, SOAP_12
from webservices.wire.xml.writing import Markup, element

VERSIONS = pytest.mark.parametrize("version", [SOAP_11, SOAP_12], ids=["1.1", "1.2"])


def envelope(body, header="", version=SOAP_11):
    return write_envelope(Markup(body), version, Markup(header))


def opened(body, content_type=""):
    message = Envelope(body, content_type)
    message.open()
    return message


class TestOpening:
    @VERSIONS
    def test_finds_version_header_and_operation(self, version):
        message = opened(envelope('<o xmlns="urn:o"><w><r>1</r></w></o>', '<h xmlns="urn:h">x</h>', version))

        assert message.version is version
        assert [(block.namespace, block.name, block.text) for block in message.blocks] == [("urn:h", "h", "x")]
        assert (message.operation.namespace, message.operation.name) == ("urn:o", "o")

    def test_gives_the_records_one_by_one(self):
        message = opened(envelope("<o><w><r>1</r><r>2</r></w></o>"))

        assert [node.text for node in message.records(2, ["w"])] == ["1", "2"]

    def test_gives_the_children_of_the_operation_itself(self):
        message = opened(envelope("<o><a>1</a><b>2</b></o>"))

        assert [(node.name, node.text) for node in message.records(1)] == [("a", "1"), ("b", "2")]

    def test_finds_the_action_of_soap_12(self):
        message = Envelope(b"", 'application/soap+xml; charset=utf-8; action="urn:x#addParts"')

        assert message.action == "urn:x#addParts"

    REFUSED = {
        "no body at all": (b"", "no body"),
        "white space": (b" \n", "no body"),
        "an empty Body": (envelope(""), "Body is empty"),
        "no Body": (b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>', "has no Body"),
        "something else in the envelope": (
            b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Foot/></e:Envelope>',
            "a Header and a Body, not 'Foot'",
        ),
        "no envelope": (b"<getParts/>", "not a SOAP envelope: its root is 'getParts'"),
        "a header of 100,000 elements": (envelope("<o/>", "<h>" + "<a/>" * 100_000 + "</h>"), "too many elements"),
        "another version": (b'<e:Envelope xmlns:e="urn:soap-9"/>', "neither SOAP 1.1 nor SOAP 1.2"),
    }

    @pytest.mark.parametrize("body, reason", table(REFUSED))
    def test_refuses(self, body, reason):
        with pytest.raises(ProblemError, match=reason):
            opened(body)

    def test_names_a_version_that_it_does_not_speak(self):
        with pytest.raises(ProblemError) as refused:
            opened(b'<e:Envelope xmlns:e="urn:soap-9"/>')

        assert refused.value.problem.code == VERSION_MISMATCH

    LATER = {
        "a second operation": (envelope("<o><w/></o><p/>"), "second operation, 'p'"),
        "another wrapper": (envelope("<o><v/></o>"), "o holds w, not 'v'"),
        "a header after the body": (
            envelope("<o/>").replace(b"</soapenv:Body>", b"</soapenv:Body><soapenv:Header/>"),
            "After the Body comes nothing",
        ),
        "a record of 2,000,000 elements": (
            envelope("<o><w><r>" + "<a/>" * 2_000_000 + "</r></w></o>"),
            "too many elements",
        ),
        "a malformed rest": (envelope("<o><w><r></w></o>"), "not well-formed"),
    }

    @pytest.mark.parametrize("body, reason", table(LATER))
    def test_refuses_what_comes_after_the_operation(self, body, reason):
        with pytest.raises(ProblemError, match=reason):
            list(opened(body).records(2, ["w"]))

    def test_takes_a_record_of_many_rows(self):
        message = opened(envelope("<o><w><r>" + "<row><a>1</a></row>" * 20_000 + "</r></w></o>"))

        assert [len(node.children) for node in message.records(2, ["w"])] == [20_000]

    def test_reads_no_further_than_the_operation(self):
        good = envelope("<o><w>" + "<r>1</r>" * 20_000 + "</w></o>")
        message = opened(good[:100_000] + b"<" + good[100_000:])

        assert message.operation.name == "o"
        with pytest.raises(ProblemError):
            list(message.records(2, ["w"]))


class TestMustUnderstand:
    MUST = "urn:h"

    def message(self, attributes, version=SOAP_11):
        header = f'<x:h xmlns:x="{self.MUST}" xmlns:s="{version.namespace}" {attributes}/>'
        return opened(envelope("<o/>", header, version))

    @VERSIONS
    def test_refuses_a_block_that_is_not_known(self, version):
        with pytest.raises(ProblemError) as refused:
            self.message('s:mustUnderstand="1"', version).check_understood(lambda block: False)

        assert refused.value.problem.code == MUST_UNDERSTAND
        assert refused.value.problem.path == ("urn:h", "h")

    @pytest.mark.parametrize(
        "attributes", ["", 's:mustUnderstand="0"', 's:mustUnderstand="1" s:actor="urn:somebody-else"']
    )
    def test_passes_over_a_block_that_need_not_be(self, attributes):
        self.message(attributes).check_understood(lambda block: False)

    def test_lets_a_known_block_pass(self):
        self.message('s:mustUnderstand="1"').check_understood(lambda block: block.name == "h")


@pytest.mark.parametrize(
    "action, named",
    [
        ("", ""),
        ('""', ""),
        ('"getParts"', "getParts"),
        ("urn:soap.bigmachines.com#login", "login"),
        ("http://tempuri.org/CustomerAdministration", "CustomerAdministration"),
        ("/receiver?method=getParts", "getParts"),
    ],
)
def test_an_action_names_its_last_segment(action, named):
    assert operation_in_action(action) == named


class TestSecurity:
    def blocks(self, header):
        return opened(envelope("<o/>", header)).blocks

    def test_finds_the_token_that_it_writes(self):
        assert user_name_token(self.blocks(security_block(Password("ada", "s<3")))) == Password("ada", "s<3")

    def test_accepts_a_timestamp_beside_it(self):
        block = security_block(Password("ada", "x"))
        stamped = block.replace(
            "<wsse:UsernameToken", "<wsu:Timestamp><wsu:Created/></wsu:Timestamp><wsse:UsernameToken"
        )

        assert user_name_token(self.blocks(stamped)) == Password("ada", "x")

    @pytest.mark.parametrize("kind", ['Type=""', ""])
    def test_an_empty_type_means_clear_text(self, kind):
        block = re.sub('Type="[^"]*"', kind, security_block(Password("ada", "x")))

        assert user_name_token(self.blocks(block)) == Password("ada", "x")

    @pytest.mark.parametrize("credentials", [Password("a" * 1001, "x"), Password("a", "x" * 1001)])
    def test_takes_nothing_that_nobody_is_called(self, credentials):
        assert user_name_token(self.blocks(security_block(credentials))) == RejectedCredentials(TOO_LONG)

    def test_takes_no_digest(self):
        block = security_block(Password("ada", "x")).replace("#PasswordText", "#PasswordDigest")

        assert user_name_token(self.blocks(block)) == RejectedCredentials(NOT_IN_CLEAR)

    def test_finds_nobody_where_there_is_no_token(self):
        assert user_name_token(self.blocks("")) is None


class TestFaults:
    @VERSIONS
    def test_says_its_reason(self, version):
        status, body = write_fault(Fault("Server" if version is SOAP_11 else "Receiver", "It <failed>."), version)

        message = opened(body)
        assert status == 500
        assert message.operation.name == "Fault"
        assert b"It &lt;failed&gt;." in body

    def test_a_sender_in_soap_12_has_400(self):
        assert write_fault(Fault("Sender", "x"), SOAP_12)[0] == 400

    @VERSIONS
    def test_a_version_mismatch_says_what_is_spoken(self, version):
        _, body = write_fault(version_mismatch("Speak SOAP."), version)

        upgrade = opened(body).blocks[0]
        assert upgrade.name == "Upgrade"
        assert [child.attributes["qname"] for child in upgrade.children] == ["ns:Envelope", "ns:Envelope"]

    def test_soap_12_names_the_block_that_was_not_understood(self):
        _, body = write_fault(must_understand("No.", ("urn:h", "h"), SOAP_12), SOAP_12)

        assert opened(body).blocks[0].attributes["qname"] == "ns:h"

    def test_the_detail_is_kept_as_it_is(self):
        _, body = write_fault(Fault("Server", "x", detail=element("d", "&")), SOAP_11)

        assert b"<detail><d>&amp;</d></detail>" in body
