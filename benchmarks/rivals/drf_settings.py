"""The settings of DRF's server: the project's, with the addresses of the baseline and the least middleware."""

from benchmarks.environment import SHORTEST_WAY
from config.settings import *  # noqa: F403 - as Django's settings are extended

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = SHORTEST_WAY
