"""
Databases for all tests: a temporary PostgreSQL of this run's own, one database per worker.

Nothing is started for tests that need no database. The first worker that needs one makes the cluster and migrates a
template (about four seconds); each worker clones it (0.1 s). Two runs at once share nothing. `DATABASE_URL`,
`DATA_DIR` and the user's own database play no part.
"""

import os
from pathlib import Path

import hypothesis
import pytest

# Before anything imports the settings, which read the environment: the developer's own must not change a test.
OWN = ("DATABASE_URL", "DATABASE_REPLICA_URL", "SECRET_KEY", "ADMIN_PASSWORD", "HOST", "PORT", "ALLOWED_HOSTS")
for name in (*OWN, "TRUST_PROXY", "HTTPS"):
    os.environ.pop(name, None)

from config.launch.embedded import test_cluster  # noqa: E402

FOLDER = "COUNTERPART_TEST_FOLDER"  # in the environment, so that the workers of xdist find the run's folder

pytest_plugins = ["config.tests.fixtures"]

# An example may take as long as the machine needs: no test is timed. Where all is required the examples are the same at
# each run, so that what fails there is the change; by hand they are others each time.
hypothesis.settings.register_profile("counterpart", deadline=None, derandomize=os.environ.get("REQUIRE_ALL") == "1")
hypothesis.settings.load_profile("counterpart")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder, watcher = test_cluster.make_run_folder()
        config.add_cleanup(lambda: test_cluster.stop_watcher(watcher))
        os.environ[FOLDER] = str(folder)
    os.environ["DATA_DIR"] = str(Path(os.environ[FOLDER]) / "var")


@pytest.fixture(scope="session", autouse=True)
def _exchanges_without_delay(django_test_environment: None) -> None:
    """Store each exchange before its call is answered, for tests look at once; servers of their own do as usual."""
    from django.conf import settings

    settings.EXCHANGE_DELAY_MS = 0


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder of this run, shared by its workers, removed at its end."""
    return Path(os.environ[FOLDER])


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this worker of xdist, or `alone`."""
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


@pytest.fixture(scope="session")
def template_database(run_folder: Path, django_test_environment, django_db_blocker) -> None:
    """Start the cluster of this run, and migrate its template database."""
    with django_db_blocker.unblock():
        test_cluster.ensure_template(run_folder, test_cluster.migrate)


@pytest.fixture(scope="session")
def django_db_setup(template_database: None, run_folder: Path, worker: str, django_db_blocker) -> None:
    """
    Make this worker's database, in place of the one that pytest-django would make.

    After a test that commits it is cloned anew (0.1 s), where Django would empty every table: what migrations put there
    is there for each test, and numbers start at 1.
    """
    from django.db import connection, connections
    from django.test import TransactionTestCase

    from config.tests.fixtures import forget_definitions

    def clone(_test: object = None) -> dict[str, str]:
        connections.close_all()
        forget_definitions()
        return test_cluster.clone(run_folder, f"test_{worker}")

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        test_cluster.use_database(clone())
        patch.setattr(TransactionTestCase, "_fixture_teardown", clone)
        yield
        connection.close()
