"""The tables of the web services, for Django to find."""

from webservices.models.access import AccessToken, ApiKey, Disablement, Session, SiteSession, UsedNonce
from webservices.models.exchanges import Exchange
from webservices.models.idempotency import KeyedAnswer
from webservices.models.jobs import BatchJob, BatchJobEntry
from webservices.models.publishing import PublishedApi, PublishedColumn, PublishedCriterion, PublishedParameter

__all__ = [
    "AccessToken",
    "ApiKey",
    "BatchJob",
    "BatchJobEntry",
    "Disablement",
    "Exchange",
    "KeyedAnswer",
    "PublishedApi",
    "PublishedColumn",
    "PublishedCriterion",
    "PublishedParameter",
    "Session",
    "SiteSession",
    "UsedNonce",
]
