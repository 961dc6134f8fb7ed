"""Prices, translations and extended descriptions: the children of a part, at addresses of their own."""

import pytest

from records.models import Change
from records.tests.cast import table
from webservices.views.tests.oracle_rest.test_writes import find_part

pytestmark = pytest.mark.django_db


def items(cpq, path):
    return cpq.get(path).json["items"]


class TestPrices:
    def test_are_a_collection_with_ids_that_stay(self, cpq):
        first, second = items(cpq, "partSetups/PUMP-100/prices")
        cpq.put(f"partSetups/PUMP-100/prices/{first['id']}", {"price": {"value": 1, "currency": "EUR"}})

        assert first["price"] == {"value": 230.00, "currency": "EUR"}
        assert first.keys() == {"id", "price", "dateAdded", "dateModified", "links"}
        again = items(cpq, f"partSetups/{cpq.id('PUMP-100')}/prices?limit=1&totalResults=true")
        assert [item["id"] for item in again] == [first["id"]]
        assert cpq.get(second["links"][0]["href"].replace("http://testserver", "")).json == second | {
            "dateModified": again[0]["dateModified"]
        }

    def test_page(self, cpq):
        page = cpq.get("partSetups/PUMP-100/prices?limit=1&totalResults=true&onlyData=true").json

        assert (page["count"], page["totalResults"], page["hasMore"]) == (1, 2, True)
        assert "links" not in page
        assert "links" not in page["items"][0]

    def test_no_two_parts_share_an_id(self, cpq):
        for number in ("PUMP-200", "HOSE"):
            cpq.post(f"partSetups/{number}/prices", {"price": {"value": 5, "currency": "EUR"}})
        ids = {items(cpq, f"partSetups/{number}/prices")[0]["id"] for number in ("PUMP-100", "PUMP-200", "HOSE")}

        assert len(ids) == 3
        assert max(ids) < 2**53  # as JavaScript has them exactly

    def test_are_added_once(self, cpq):
        body = {"price": {"value": 118.0, "currency": "EUR"}}
        created = cpq.post("partSetups/HOSE/prices", body)
        again = cpq.post("partSetups/HOSE/prices", body | {"price": {"value": 119, "currency": "EUR"}})

        assert created.status == 201, created.json
        assert created.json["price"] == {"value": 118.00, "currency": "EUR"}
        assert created["Location"].endswith(f"/prices/{created.json['id']}")
        assert (again.status, again.json["o:errorCode"]) == (400, "already-exists")
        assert find_part("HOSE")["price"] == {"EUR": "118.00"}

    def test_are_changed_and_removed_by_one_change_of_the_part(self, cpq):
        (euro, _), changes = items(cpq, "partSetups/PUMP-100/prices"), Change.objects.count()
        address = f"partSetups/{cpq.id('PUMP-100')}/prices/{euro['id']}"

        changed = cpq.put(address, {"price": {"value": 118.0, "currency": "EUR"}})
        removed = cpq.delete(address)

        assert (changed.status, changed.json["price"]["value"], removed.status) == (200, 118.0, 204)
        assert find_part("PUMP-100")["price"] == {"USD": "250.00"}
        assert Change.objects.count() == changes + 2
        assert [each.status for each in (cpq.get(address), cpq.delete(address))] == [404, 404]
        assert cpq.put(address, {"price": {"value": 1}}).status == 404

    WRONG = {
        "another currency than the address": ({"price": {"value": 1, "currency": "USD"}}, "keys-disagree"),
        "no price": ({}, "wrong-shape"),
        "no value": ({"price": {"currency": "EUR"}}, "missing"),
        "a value that is none": ({"price": {"value": "much", "currency": "EUR"}}, ""),
        "an unknown member": ({"price": {"value": 1, "currency": "EUR"}, "colour": 1}, "unknown-field"),
    }

    @pytest.mark.parametrize("body, code", table(WRONG))
    def test_refuse(self, cpq, body, code):
        euro = items(cpq, "partSetups/PUMP-100/prices")[0]["id"]
        refused = cpq.put(f"partSetups/PUMP-100/prices/{euro}", body)

        assert refused.status == 400, refused.json
        assert code in ("", refused.json["o:errorCode"])
        assert find_part("PUMP-100")["price"]["EUR"] == "230.00"

    def test_of_another_part_are_not_found(self, cpq):
        euro = items(cpq, "partSetups/PUMP-100/prices")[0]["id"]

        for number in ("HOSE", cpq.id("HOSE")):
            address = f"partSetups/{number}/prices/{euro}"
            assert [cpq.get(address).status, cpq.delete(address).status] == [404, 404]
        assert cpq.get(f"partSetups/PUMP-100/translations/{euro}").status == 404
        assert cpq.get("partSetups/PUMP-100/prices/seven").status == 404
        assert cpq.get("partSetups/NONE/prices").status == 404
        assert cpq.post("partSetups/NONE/prices", {"price": {"value": 1, "currency": "EUR"}}).status == 404
        assert find_part("PUMP-100")["price"]["EUR"] == "230.00"


class TestTranslations:
    def test_are_read_and_written(self, cpq):
        texts = [
            (each["language"]["languageCode"], each["description"])
            for each in items(cpq, "partSetups/PUMP-100/translations")
        ]
        assert texts == [("de", "Pumpe, klein"), ("en", "Pump, small")]

        created = cpq.post(
            "partSetups/HOSE/translations", {"language": {"languageCode": "de"}, "description": "Schlauch"}
        )
        address = f"partSetups/HOSE/translations/{created.json['id']}"
        assert created.status == 201, created.json
        assert cpq.put(address, {"description": "Rohr"}).json["description"] == "Rohr"
        assert find_part("HOSE")["description"] == {"de": "Rohr"}
        assert (cpq.delete(address).status, cpq.get(address).status) == (204, 404)

    def test_say_the_units_of_the_part(self, cpq):
        body = {"language": {"languageCode": "de"}, "description": "Schlauch", "units": "5"}

        assert cpq.post("partSetups/HOSE/translations", body).status == 201
        assert find_part("HOSE")["units"] == "5"

    def test_need_a_language_of_the_site(self, cpq):
        unknown = cpq.post("partSetups/HOSE/translations", {"language": {"languageCode": "xx"}, "description": "?"})
        none = cpq.post("partSetups/HOSE/translations", {"description": "?"})

        assert (unknown.status, none.status, none.json["o:errorCode"]) == (400, 400, "missing")


class TestExtendedDescriptions:
    def test_are_one_for_each_part(self, cpq):
        (own,) = items(cpq, "partSetups/PUMP-100/extendedDescriptions")
        assert own["partExtendedDescription1"] == "Cast iron."
        again = cpq.post("partSetups/PUMP-100/extendedDescriptions", {"partExtendedDescription1": "x"})
        assert (again.status, again.json["o:errorCode"]) == (400, "already-exists")

        created = cpq.post("partSetups/HOSE/extendedDescriptions", {"partExtendedDescription1": "Rubber."})
        assert created.status == 201, created.json
        address = f"partSetups/HOSE/extendedDescriptions/{created.json['id']}"
        assert created["Location"].endswith(str(created.json["id"]))
        assert cpq.put(address, {"partExtendedDescription2": "Ten metres."}).status == 200
        assert find_part("HOSE")["extended_description_2"] == {"en": "Ten metres."}
        assert not find_part("HOSE")["extended_description_1"]  # PUT blanks what is absent
        assert cpq.delete(address).status == 405
        assert cpq.put("partSetups/4711/extendedDescriptions/7", {"partExtendedDescription1": "x"}).status == 404

    def test_have_translations(self, cpq):
        (own,) = items(cpq, "partSetups/PUMP-100/extendedDescriptions?expand=translations")
        address = f"partSetups/PUMP-100/extendedDescriptions/{own['id']}/translations"
        german = items(cpq, address)[0]
        assert german["partExtendedDescription1"] == "Gusseisen."
        assert {each["id"] for each in own["translations"]["items"]} == {each["id"] for each in items(cpq, address)}

        french = {"language": {"languageCode": "fr"}, "partExtendedDescription1": "Fonte."}
        created = cpq.post(address, french)
        assert created.status in (201, 400), created.json
        assert cpq.delete(f"{address}/{german['id']}").status == 204
        assert "de" not in find_part("PUMP-100")["extended_description_1"]

    def test_have_no_translations_before_they_are_there(self, cpq):
        own = cpq.post("partSetups/HOSE/extendedDescriptions", {"partExtendedDescription1": "x"}).json["id"]
        hose = own >> 24
        other = own + ((cpq.id("4711") - hose) << 24)  # the id that another part's would have
        body = {"language": {"languageCode": "de"}, "partExtendedDescription1": "y"}

        assert cpq.post(f"partSetups/HOSE/extendedDescriptions/{own}/translations", body).status == 201
        assert cpq.post(f"partSetups?q=x/extendedDescriptions/{other}/translations", body).status == 400
        refused = cpq.post(f"partSetups/{cpq.id('4711')}/extendedDescriptions/{other}/translations", body)
        assert (refused.status, refused.json["o:errorCode"]) == (404, "no-child")
