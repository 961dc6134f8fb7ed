"""Parts that are found: collections and their pages, `q`, what an answer shows, sellers' parts, the search."""

from urllib.parse import quote

import pytest

from records.tests.cast import table

pytestmark = pytest.mark.django_db


def numbers(reply):
    assert reply.status == 200, reply.json
    return [item["partNumber"] for item in reply.json["items"]]


class TestPart:
    def test_has_every_member_by_rule(self, cpq, custom_fields):
        part = cpq.part("PUMP-100")

        assert part["directBuy"] == {"lookupCode": "1", "displayValue": "Direct Buy"}
        assert (part["description"], part["units"], part["leadTime"]) == ("Pump, small", "2", 14)
        assert (part["externalKey1"], part["eligibleToSell"], part["enableSelfService"]) == ("PIM-1", "true", None)
        assert (part["partnerStandardPriceBookEntryId"], part["defaultUOMCode"]) == (None, None)
        assert (part["_part_custom_field5"], part["_part_custom_field9"], part["_part_custom_field10"]) == (
            0.0,
            None,
            None,
        )
        assert part["dateAdded"].endswith("Z")
        assert len(part["dateAdded"]) == len("2017-10-19T01:28:51.000Z")
        assert [link["rel"] for link in part["links"]] == ["self", "canonical", "child", "child", "child"]
        assert not {"version", "prices", "translations", "extendedDescriptions", "listPrice"} & part.keys()

    def test_is_read_by_id_and_by_number(self, cpq):
        own = cpq.part("PUMP-100")

        assert cpq.get(f"partSetups/{own['id']}").json == own
        assert cpq.get("partSetups/PUMP-100").json == own
        assert cpq.get(f"partSetups/{own['id']}/")["ETag"] == '"1"'
        assert cpq.get(own["links"][0]["href"].replace("http://testserver", "")).json == own

    def test_whose_number_is_all_digits_is_found_by_q(self, cpq):
        refused = cpq.get("partSetups/4711")

        assert refused.status == 404
        assert refused.json["detail"] == (
            "There is no part with id '4711'. A part of this number is found by q={partNumber:'4711'}."
        )
        assert cpq.part("4711")["leadTime"] == 7

    def test_shows_children_where_they_are_expanded(self, cpq):
        part = cpq.get("partSetups/PUMP-100?expand=all&onlyData=true").json

        prices = [item["price"] for item in part["prices"]["items"]]
        assert prices == [{"value": 230.00, "currency": "EUR"}, {"value": 250.00, "currency": "USD"}]
        texts = {item["language"]["languageCode"]: item["description"] for item in part["translations"]["items"]}
        assert texts == {"en": "Pump, small", "de": "Pumpe, klein"}
        (extended,) = part["extendedDescriptions"]["items"]
        assert (extended["partExtendedDescription1"], extended["partExtendedDescription2"]) == ("Cast iron.", None)
        assert len(extended["translations"]["items"]) == 2
        assert "links" not in part
        assert "links" not in prices[0]

    def test_keeps_forced_members_whatever_fields_says(self, cpq):
        part = cpq.get("partSetups/PUMP-100?fields=leadTime&excludeLinks=true").json

        assert part.keys() == {"id", "partNumber", "leadTime"}

    def test_costs_two_statements_beside_the_caller(self, cpq, django_assert_max_num_queries):
        cpq.get("partSetups")

        with django_assert_max_num_queries(6):  # generation, user, settings of the session; the parts, and their number
            assert cpq.get("partSetups?expand=all&totalResults=true&limit=2").json["totalResults"] == 4


Q = {
    "as clients type it": ("{partNumber:'PUMP-100'}", ["PUMP-100"]),
    "as JSON": ('{"partNumber": {"$eq": "PUMP-100"}}', ["PUMP-100"]),
    "a quote inside": ("{partNumber:'it\\'s'}", []),
    "numbers": ("{leadTime: {$gte: 3, $lt: 10}}", ["4711", "HOSE", "PUMP-200"]),
    "several names": ("{leadTime: 3, directBuy: '2'}", ["PUMP-200"]),
    "not": ("{leadTime: {$ne: 3}}", ["4711", "PUMP-100"]),
    "a menu by its object": ("{directBuy: {lookupCode: '2'}}", ["PUMP-200"]),
    "a menu by its path": ("{'directBuy.lookupCode': '2'}", ["PUMP-200"]),
    "a menu by what it shows": ("{directBuy: 'Recommended only'}", ["PUMP-200"]),
    "has a value": ("{externalKey1: {$exists: true}}", ["PUMP-100"]),
    "has none, as text": ("{externalKey1: {$exists: 'false'}, units: '1'}", ["4711", "HOSE", "PUMP-200"]),
    "null": ("{externalKey1: null, leadTime: 7}", ["4711"]),
    "a flag": ("{eligibleToSell: 'Y'}", ["PUMP-100"]),
    "the description": ("{description: 'Pump, medium'}", ["PUMP-200"]),
    "and": ("{$and: [{leadTime: 3}, {directBuy: '1'}]}", ["HOSE"]),
    "or": ("{$or: [{leadTime: 7}, {leadTime: 14}]}", ["4711", "PUMP-100"]),
    "or of ands": (
        "{$or: [{leadTime: 3, directBuy: 2}, {$and: [{leadTime: 14}, {units: 2}]}]}",
        ["PUMP-100", "PUMP-200"],
    ),
    "a moment": ("{dateModified: {$gt: '2020-01-01T00:00:00.000Z'}, leadTime: 7}", ["4711"]),
    "a price": ("{'prices[USD]': {$gt: 100}}", ["PUMP-100"]),
}


class TestQ:
    @pytest.mark.parametrize("q, found", table(Q))
    def test_finds(self, cpq, q, found):
        assert numbers(cpq.get(f"partSetups?q={q}")) == found  # unencoded, as many clients send it
        assert numbers(cpq.get(f"parts?q={quote(q)}")) == found

    WRONG = {
        "SQL": ("lastName LIKE 'Jones%'", "wrong-q", "q cannot be read"),
        "no quotes": ("{partNumber:PUMP}", "wrong-q", "'PUMP' is no value; texts are in quotes"),
        "no end": ("{partNumber:'PUMP", "wrong-q", "is not closed"),
        "a list": ("[1]", "wrong-q", "q is an object"),
        "a name twice": ("{units:1,units:2}", "wrong-q", "comes twice"),
        "an unknown operator": ("{partNumber:{$like:'P%'}}", "wrong-operator", "'$like' is no operator of q here"),
        "an unknown member": ("{colour:'red'}", "unknown-field", "colour is not a field of a part."),
        "a name of the hub's": ("{lead_time:3}", "unknown-field", "Did you mean leadTime?"),
        "a word for a number": ("{leadTime:'soon'}", "not-a-number", "leadTime"),
        "an empty or": ("{$or:[]}", "wrong-q", "$or takes a list of objects"),
        "too deep": ("{a:" * 30, "wrong-q", "nests deeper"),
    }

    @pytest.mark.parametrize("q, code, words", table(WRONG))
    def test_refuses(self, cpq, q, code, words):
        refused = cpq.get(f"partSetups?q={quote(q)}")

        assert refused.status == 400
        assert words in refused.json["detail"]
        assert code in ("not-a-number", refused.json["o:errorCode"])

    def test_refuses_more_comparisons_than_a_call_may_have(self, cpq, settings):
        settings.DIALECT_TERMS = {"oracle-rest": {"criteria_limit": 2}}

        assert numbers(cpq.get("partSetups?q={units:1,leadTime:3}")) == ["HOSE", "PUMP-200"]
        assert cpq.get("partSetups?q={units:1,leadTime:3,directBuy:1}").json["o:errorCode"] == "too-many"
        assert cpq.get("partSetups?q={$or:[{units:1},{units:2},{units:3}]}").json["o:errorCode"] == "too-many"


class TestCollection:
    def test_pages_and_links(self, cpq):
        page = cpq.get("partSetups?limit=3").json

        assert {name: page[name] for name in ("offset", "limit", "count", "hasMore")} == {
            "offset": 0, "limit": 3, "count": 3, "hasMore": True,
        }  # fmt: skip
        assert "totalResults" not in page
        root = "http://testserver/rest/v19/partSetups"
        assert {link["rel"]: link["href"] for link in page["links"]} == {
            "canonical": root, "next": f"{root}?limit=3&offset=3", "self": f"{root}?limit=3&offset=0",
        }  # fmt: skip
        following = cpq.get(page["links"][1]["href"].replace("http://testserver", "")).json
        assert [item["partNumber"] for item in following["items"]] == ["PUMP-200"]
        assert not following["hasMore"]

    def test_of_one_is_offset_too(self, cpq):
        assert numbers(cpq.get("partSetups?limit=1&offset=2")) == ["PUMP-100"]

    @pytest.mark.parametrize(
        "query, total", [("limit=1", 4), ("offset=9", 4), ("limit=1&q={leadTime:3}", 2), ("", None)]
    )
    def test_counts_where_it_pages(self, cpq, query, total):
        assert cpq.get(f"partSetups?totalResults=true&{query}").json.get("totalResults") == total

    def test_has_at_most_a_thousand(self, cpq):
        assert cpq.get("partSetups?limit=5000").json["limit"] == cpq.get("partSetups").json["limit"] == 1000

    ORDERS = {
        "one": ("leadTime,partNumber", ["HOSE", "PUMP-200", "4711", "PUMP-100"]),
        "down": ("leadTime:desc,partNumber", ["PUMP-100", "4711", "HOSE", "PUMP-200"]),
        "up": ("partNumber:asc", ["4711", "HOSE", "PUMP-100", "PUMP-200"]),
    }

    @pytest.mark.parametrize("name", ["orderby", "orderBy"])
    @pytest.mark.parametrize("order, found", table(ORDERS))
    def test_is_ordered(self, cpq, order, found, name):
        assert numbers(cpq.get(f"parts?{name}={order}")) == found

    WRONG = {
        "a parameter that is not built": ("finder=x", "'finder' is not taken here"),
        "a limit of nothing": ("limit=0", "limit is 1 or more"),
        "a limit that is none": ("limit=many", "limit is a whole number, not 'many'"),
        "a flag that is none": ("onlyData=perhaps", "onlydata is true or false"),
        "an order by children": ("orderby=prices", "is not a field"),
        "an order by a text in languages": ("orderby=description", "Records cannot be ordered by description."),
        "another direction": ("orderby=units:up", ":asc or :desc"),
        "an unknown member": ("fields=colour", "'colour'"),
        "an unknown child": ("expand=colours", "expand takes prices"),
        "a parameter twice": ("limit=1&limit=2", "more than once"),
    }

    @pytest.mark.parametrize("query, words", table(WRONG))
    def test_refuses(self, cpq, query, words):
        refused = cpq.get(f"partSetups?{query}")

        assert refused.status == 400
        assert words in refused.json["detail"]


class TestSellersParts:
    def test_have_a_list_price_since_version_18(self, cpq):
        cpq.version = 18
        (part,) = cpq.get("parts?q={partNumber:'PUMP-100'}").json["items"]
        cpq.version = 16
        (older,) = cpq.get("parts?q={partNumber:'PUMP-100'}").json["items"]

        assert part["listPrice"] == 250.00
        assert "listPrice" not in older
        assert part["configurableFlag"] == {"lookupCode": "0", "displayValue": "Not Configurable"}
        assert part["bomItemVariableName"] is part["salesProductType"] is None
        assert part["links"][0]["href"].endswith(f"/rest/v18/parts/{part['id']}")

    def test_are_only_read(self, cpq):
        refused = cpq.post("parts", {"partNumber": "X"})

        assert (refused.status, refused["Allow"]) == (405, "GET, HEAD")

    def test_are_searched_by_a_body(self, cpq):
        criteria = {"q": "{leadTime:3}", "limit": 1, "offset": 0, "totalResults": True, "orderby": "partNumber:desc"}
        book = {"pricebookVarName": "_default_price_book"}
        found = cpq.post("parts/actions/search", {"criteria": criteria, "context": book})

        assert numbers(found) == ["PUMP-200"]
        assert (found.json["hasMore"], found.json["totalResults"]) == (True, 2)

    def test_are_searched_by_keywords(self, cpq):
        criteria = {"keywords": ["medium"], "fields": ["leadTime"], "expand": ["prices"]}
        found = cpq.post("parts/actions/search", {"criteria": criteria})

        assert numbers(found) == ["PUMP-200"]
        assert found.json["items"][0].keys() == {"id", "partNumber", "leadTime", "links"}

    WRONG = {
        "another price book": ({"context": {"pricebookVarName": "other"}}, "There is one price book"),
        "an unknown criterion": ({"criteria": {"finder": "x"}}, "'finder'"),
        "q of a number": ({"criteria": {"q": 5}}, "q is an object"),
    }

    @pytest.mark.parametrize("body, words", table(WRONG))
    def test_refuse_a_search(self, cpq, body, words):
        refused = cpq.post("parts/actions/search", body)

        assert refused.status == 400
        assert words in refused.json["detail"]


def test_metadata_lists_standard_and_custom_fields(cpq, custom_fields):
    found = cpq.post("partSetups/actions/getPartMetadata", {}).json["partMetadata"]

    standard = {field["name"]: field for field in found["standardFields"]}
    assert standard["partNumber"] == {
        "name": "partNumber", "label": "Part number", "type": "string", "required": True, "maxLength": 50,
    }  # fmt: skip
    assert (standard["leadTime"]["type"], standard["description"]["type"]) == ("number", "string")
    custom = [(field["name"], field["label"], field["type"]) for field in found["customFields"]]
    assert sorted(custom) == [
        ("_part_custom_field10", "Type", "string"),
        ("_part_custom_field5", "Cost", "number"),
        ("_part_custom_field9", "Product", "string"),
    ]


class TestPriceBooks:
    def test_is_one(self, cpq):
        books = cpq.get("priceBooks").json
        (book,) = books["items"]

        assert (books["count"], book["variableName"]) == (1, "_default_price_book")
        assert cpq.get("priceBooks/_default_price_book").json == book
        assert cpq.get("priceBooks/_default_price_book/translations").json["items"] == []

    def test_is_not_written_and_there_is_no_other(self, cpq):
        assert cpq.post("priceBooks", {}).status == 405
        assert cpq.get("priceBooks/other").status == 404
