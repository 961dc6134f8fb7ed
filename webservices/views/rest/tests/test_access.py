"""Getting in to REST: Basic, the admin's own sign-in with its CSRF token, who may do what, and the browsable side."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from parts.models import Part
from webservices.tests.rest_client import Rest

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def browser(ada):
    """A browser in which ada has signed in to the admin site."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    return client


class TestBasic:
    def test_lets_a_user_in(self, ada):
        assert Rest("ada", "ada-ada!").put("parts/A/", {}).status == 201
        assert Part.objects.get().created_by == "ada"

    @pytest.mark.parametrize(
        "user, password, code",
        [
            ("ada", "wrong", "wrong-password"),
            ("nobody", "ada-ada!", "wrong-password"),
            ("ada", "", "empty-password"),
            ("", "", "no-credentials"),
        ],
    )
    def test_refuses_others(self, ada, user, password, code):
        reply = Rest(user, password).get("parts/")

        assert (reply.status, reply.json["code"]) == (401, code)
        assert reply["WWW-Authenticate"].startswith('Basic realm="Counterpart"')

    def test_refuses_a_bearer_token_that_is_not_known(self, ada):
        reply = Rest().get("parts/", authorization="Bearer abc")

        assert (reply.status, reply.json["code"]) == (401, "unknown-token")

    def test_comes_before_the_body(self, ada):
        assert Rest("ada", "wrong").post("parts/", b"{").status == 401


class TestRights:
    @pytest.fixture
    def bob(self, bob):
        bob.user_permissions.add(Permission.objects.get(codename="view_part"))
        return Rest("bob", "bob-bob!")

    def test_are_what_djangos_permissions_say(self, ada, bob):
        Rest("ada", "ada-ada!").put("parts/A/", {})

        assert bob.get("parts/A/").status == 200
        for refused in (bob.put("parts/A/", {}), bob.patch("parts/A/", {}), bob.delete("parts/A/")):
            assert (refused.status, refused.json["code"]) == (403, "forbidden")
        assert bob.post("parts/", {"number": "B"}).json["detail"] == "bob may not add parts."
        assert bob.batch("remove", {"number": "A"}).status == 403


class TestTheAdminsSignIn:
    def test_is_enough_to_read(self, browser):
        assert Rest(client=browser).get("parts/").status == 200

    def test_needs_the_csrf_token_to_write(self, browser):
        refused = Rest(client=browser).put("parts/A/", {})

        assert (refused.status, refused.json["code"]) == (403, "csrf-failed")
        assert refused["X-Call-Id"] in refused.json["instance"]
        assert not Part.objects.exists()

    def test_writes_with_the_csrf_token(self, browser):
        browser.get("/api/v1/docs/")
        token = browser.cookies["csrftoken"].value

        reply = Rest(client=browser).put("parts/A/", {}, x_csrftoken=token)

        assert reply.status == 201
        assert Part.objects.get().created_by == "ada"

    @pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_takes_no_form(self, browser, method, media_type):
        browser.get("/api/v1/docs/")
        token = browser.cookies["csrftoken"].value
        for headers in ({}, {"HTTP_X_CSRFTOKEN": token}):
            reply = browser.generic(method, "/api/v1/parts/A/", b"csrfmiddlewaretoken=x", media_type, **headers)

            assert (reply.status_code, reply["Content-Type"]) == (415, "application/problem+json")
            assert reply.json()["detail"].startswith("The body must be JSON")
        assert not Part.objects.exists()

    def test_does_not_count_beside_credentials(self, browser):
        rest = Rest("ada", "wrong", client=browser)

        assert rest.get("parts/").status == 401

    def test_ends_when_the_user_is_disabled(self, browser, ada):
        ada.is_active = False
        ada.save()

        assert Rest(client=browser).get("parts/").status == 401


class TestNegotiation:
    @pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/json, application/problem+json"])
    def test_answers_json(self, ada, accept):
        reply = Rest("ada", "ada-ada!").get("parts/", accept=accept)

        assert (reply.status, reply["Content-Type"]) == (200, "application/json")

    def test_has_nothing_else(self, ada):
        reply = Rest("ada", "ada-ada!").get("parts/", accept="application/xml")

        assert (reply.status, reply.json["code"]) == (406, "not-acceptable")

    def test_says_which_methods_there_are(self, ada):
        rest = Rest("ada", "ada-ada!")

        assert rest.send("OPTIONS", "parts/")["Allow"] == "GET, HEAD, POST, OPTIONS"
        refused = rest.send("TRACE", "parts/")
        assert (refused.status, refused["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
        assert rest.get("parts/batch/")["Allow"] == "POST, OPTIONS"

    def test_of_a_head_is_the_get_without_its_body(self, ada):
        rest = Rest("ada", "ada-ada!")
        rest.put("parts/A/", {})

        reply = rest.send("HEAD", "parts/A/")

        assert (reply.status, reply["ETag"], reply.response.content) == (200, '"1"', b"")

    def test_of_an_address_that_is_none_is_not_found(self, ada):
        assert Rest("ada", "ada-ada!").get("pumps/").status == 404


class TestTheBrowsableSide:
    @pytest.fixture
    def part(self, ada):
        return Rest("ada", "ada-ada!").put("parts/A%2FB/", {"notes": "<script>alert(1)</script>"}).json

    def test_shows_a_list_and_a_form_with_the_example(self, browser, part):
        response = browser.get("/api/v1/parts/", headers={"accept": HTML})

        page = response.content.decode()
        assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "&quot;A/B&quot;" in page
        assert "PUMP-100" in page

    def test_shows_one_and_a_form_with_it_all_escaped(self, browser, part):
        page = browser.get("/api/v1/parts/A%2FB/", headers={"accept": HTML}).content.decode()

        assert "&quot;version&quot;: 1" in page
        assert "<script>alert" not in page

    def test_shows_a_problem(self, browser):
        response = browser.get("/api/v1/parts/NONE/", headers={"accept": HTML})

        assert response.status_code == 404
        assert "urn:counterpart:problem:not-found" in response.content.decode()

    def test_asks_a_stranger_to_sign_in(self, db):
        response = Client().get("/api/v1/parts/", headers={"accept": HTML})

        assert response.status_code == 401
        assert "/admin/login/?next=/api/v1/parts/" in response.content.decode()

    def test_shows_what_there_is(self, browser):
        assert b"/api/v1/parts/" in browser.get("/api/v1/", headers={"accept": HTML}).content
        assert Rest(client=browser).get("").json["parts"] == "http://testserver/api/v1/parts/"

    def test_shows_the_batch_address(self, browser):
        response = browser.get("/api/v1/parts/batch/", headers={"accept": HTML})

        assert response.status_code == 405
        assert "all_or_none" in response.content.decode()
