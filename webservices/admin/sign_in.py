"""
Signing in to the admin site, and changing the own password: passwords are verified as those of calls are.

    refused    the sentence on the page, 403
    busy       the sentence on the page, 503 and Retry-After
"""

from asgiref.sync import sync_to_async
from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.debug import sensitive_variables
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm

from webservices.access.identity import AuthenticationFailed
from webservices.access.passwords import WRONG_PASSWORD
from webservices.access.verification import IN_CLEAR, takes_secrets
from webservices.exchanges.sign_ins import CHANGE_PASSWORD, SIGN_IN
from webservices.views.environ import is_private
from webservices.views.http import mark_logged
from webservices.views.sign_in import STATUS_OF_FORM, verify_password


class PasswordBackend(ModelBackend):
    """Django's users and permissions; a password counts in a request only, because it matters where that came from."""

    @sensitive_variables("password")
    def authenticate(self, request, username=None, password=None, **kwargs) -> User | None:
        if request is None or username is None or password is None:
            return None
        try:
            return verify_password(request, SIGN_IN, username, password)
        except AuthenticationFailed:
            return None

    async def aauthenticate(self, request, username=None, password=None, **kwargs) -> User | None:
        # ModelBackend's own would compare the hash by itself.
        return await sync_to_async(self.authenticate)(request, username, password, **kwargs)


class SignInForm(AuthenticationForm):
    """The form of the sign-in page; `failure` is why the credentials were refused."""

    failure: AuthenticationFailed | None = None

    @sensitive_variables()
    def clean(self):
        name, secret = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name is not None and secret:
            try:
                self.user_cache = verify_password(self.request, SIGN_IN, name, secret, is_for_staff=True)
                # Django would keep the session of a user who signs in once more.
                if SESSION_KEY in self.request.session:
                    self.request.session.flush()
            except AuthenticationFailed as failure:
                self.failure = failure
                raise ValidationError(failure.problem.sentence(), code=failure.problem.code) from None
        return self.cleaned_data


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """The form in which a user changes the own password; `failure` is why the old one was refused."""

    failure: AuthenticationFailed | None = None

    def __init__(self, user, *args, request: HttpRequest, **kwargs):
        super().__init__(user, *args, **kwargs)
        self.request = request

    @sensitive_variables()
    def clean_old_password(self):
        secret = self.cleaned_data["old_password"]
        try:
            verify_password(self.request, CHANGE_PASSWORD, self.user.get_username(), secret)
        except AuthenticationFailed as failure:
            self.failure = failure
            problem = failure.problem
            words = self.error_messages["password_incorrect"] if problem is WRONG_PASSWORD else problem.sentence()
            raise ValidationError(words, code=problem.code) from None
        return secret


class OwnPasswordView(PasswordChangeView):
    """Django's page, whose form knows the request."""

    form_class = OwnPasswordForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "request": self.request}


def sign_in_page(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; where no password would be taken, it says so instead of asking for one."""
    warning = "" if takes_secrets(secure=is_private(request.META)) else IN_CLEAR.sentence()
    return _set_status(admin.site.login(request, {"warning": warning}))


def own_password_page(request: HttpRequest) -> HttpResponseBase:
    """The page on which the user who has signed in changes the password."""
    site = admin.site
    view = OwnPasswordView.as_view(
        success_url=reverse("admin:password_change_done"), extra_context=site.each_context(request)
    )
    request.current_app = site.name  # as the site's own views do
    return _set_status(view(request))


def _set_status(response: HttpResponseBase) -> HttpResponseBase:
    form = (getattr(response, "context_data", None) or {}).get("form")
    failure: AuthenticationFailed | None = getattr(form, "failure", None)
    if failure is not None:
        response.status_code = STATUS_OF_FORM[failure.problem.family]
        if failure.retry_after is not None:
            response["Retry-After"] = str(failure.retry_after)
        mark_logged(response)  # by the line of the sign-in
    return response


admin.site.login_form = SignInForm

# In the place of the admin site's own, under their addresses and names.
urlpatterns = [
    path("login/", sign_in_page),
    path("password_change/", admin.site.admin_view(own_password_page, cacheable=True)),
]
