"""The contracts of import-linter leave no app outside, and the tree keeps to what no contract can say."""

import ast
import tomllib
from collections import Counter

import pytest
from django.conf import settings

CONFIGURATION = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = CONFIGURATION["contracts"]
WITHOUT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__"}
MOST_TEST_MODULES = 25


def project_apps(installed=settings.INSTALLED_APPS):
    """The apps that lie in this tree, `webservices.tester`."""
    names = [app.partition(".apps.")[0] for app in installed]
    return [name for name in names if (settings.BASE_DIR / name.replace(".", "/")).is_dir()]


def unlayered(apps, roots, contracts):
    """The apps that no layers contract holds: as a layer of its own or, within another app, inside a container."""
    layers = [each for each in contracts if each["type"] == "layers"]
    held = {
        f"{container}.{name}".lstrip(".")
        for contract in layers
        for container in contract.get("containers", [""])
        for line in contract["layers"]
        for name in line.replace("|", ":").replace(" ", "").split(":")
    }
    return [app for app in apps if app not in held or app.partition(".")[0] not in roots]


class TestContracts:
    def test_the_roots_are_the_apps_and_the_configuration(self):
        apps = {app.partition(".")[0] for app in project_apps()}

        assert {*CONFIGURATION["root_packages"]} == apps | {"config"}

    def test_the_first_contract_orders_all_roots(self):
        [everything] = [each for each in CONTRACTS if each["type"] == "layers" and "containers" not in each]

        assert {*everything["layers"]} == {*CONFIGURATION["root_packages"]}

    def test_every_app_is_in_a_layer(self):
        assert unlayered(project_apps(), CONFIGURATION["root_packages"], CONTRACTS) == []

    def test_an_app_that_nobody_listed_is_found(self):
        apps = [*project_apps(), "ships", "webservices.ships"]

        assert unlayered(apps, CONFIGURATION["root_packages"], CONTRACTS) == ["ships", "webservices.ships"]

    def test_every_folder_of_several_rooms_is_closed(self):
        """An exhaustive contract fails for a module that it does not list."""
        containers = [each for each in CONTRACTS if "containers" in each]

        assert [each["name"] for each in containers if not each.get("exhaustive")] == []


def python_files(pattern):
    """The project's own modules."""
    found = sorted(settings.BASE_DIR.rglob(pattern))
    return [path for path in found if not WITHOUT_OURS & {*path.relative_to(settings.BASE_DIR).parts}]


def crowded(paths, most=MOST_TEST_MODULES):
    """The folders with too many test modules."""
    return [folder for folder, count in Counter(path.parent for path in paths).items() if count > most]


def has_logic(source):
    """True if a package's own module does more than to say what is in it: a docstring, imports, names of the public."""
    return [
        node
        for node in ast.parse(source).body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        and not (isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"])
    ] != []


class TestTree:
    def test_no_folder_is_crowded_with_tests(self):
        assert crowded(python_files("test_*.py")) == []

    def test_a_crowded_folder_is_found(self, tmp_path):
        modules = [tmp_path / f"test_{number}.py" for number in range(MOST_TEST_MODULES + 1)]

        assert crowded(modules) == [tmp_path]
        assert crowded(modules[1:]) == []

    def test_no_package_has_logic_in_its_own_module(self):
        files = [path for path in python_files("__init__.py") if has_logic(path.read_text())]

        assert [str(path.relative_to(settings.BASE_DIR)) for path in files] == []

    @pytest.mark.parametrize(
        "source, expected",
        [
            ('"""A room."""\nfrom a import b\n__all__ = ["b"]', False),
            ("def f(): ...", True),
            ("NAMES = {}", True),
            ("if True:\n    import a", True),
        ],
    )
    def test_logic_is_found(self, source, expected):
        assert has_logic(source) is expected
