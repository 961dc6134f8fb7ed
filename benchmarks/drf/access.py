"""Basic authentication that remembers a password that fitted, as the hub does."""

from datetime import UTC, datetime

from django.contrib.auth.models import User
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed

from webservices.access.password_cache import VERIFIER


class CachedBasicAuthentication(BasicAuthentication):
    def authenticate_credentials(self, userid, password, request=None):
        user = User.objects.filter(username=userid, is_active=True).first()
        stored = user.password if user else ""
        if not VERIFIER.fits("password", userid, password, stored, at=datetime.now(UTC)) or user is None:
            raise AuthenticationFailed
        return user, None
