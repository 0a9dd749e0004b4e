"""docker-compose.yml and Dockerfile against the code: variables, commands, queues, health addresses."""

import ast
import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

from portal.embedded.home import CHECKOUT
from portal.embedded.supervisor import QUEUES

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
# The words of the Compose Specification that this file may use; a typing error is not among them.
SERVICE_KEYS = {
    *("image", "build", "command", "environment", "depends_on", "healthcheck", "init", "ports", "restart"),
    *("security_opt", "shm_size", "stop_grace_period", "volumes"),
}
HEALTH_KEYS = {"test", "interval", "timeout", "start_period", "retries", "disable"}
# One machine's, or better left as they are: a container is never in debug mode, and listens where the image says.
LEFT_OUT = {"DEBUG", "DEMO", "PORT", "STAFF_SECOND_FACTOR", "CELERY_BROKER_URL"}
CONDITIONS = {"service_healthy", "service_completed_successfully", "service_started"}


def variables_of_settings() -> tuple[set[str], set[str]]:
    """(all, required): the names that portal/settings.py gives to the readers, and those without a default."""
    found: set[str] = set()
    required: set[str] = set()
    for node in ast.walk(ast.parse((CHECKOUT / "portal" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env."):
            name = ast.literal_eval(node.args[0])
            found.add(name)
            has_default = len(node.args) > 1 or any(word.arg == "default" for word in node.keywords)
            if not has_default and ast.unparse(node.func) != "env.list_":
                required.add(name)
    return found, required


def words(service: dict[str, Any]) -> list[list[str]]:
    """The programs a service runs, each as its words; a shell line is taken apart."""
    of_image = re.findall(r"^CMD (\[.*?\])", DOCKERFILE, re.M | re.S)[-1].replace("\\\n", "")
    command = service.get("command") or json.loads(of_image)
    if command[:2] == ["sh", "-c"]:
        return [part.split() for part in command[2].split("&&")]
    return [command]


def health_test(service: dict[str, Any]) -> list[str]:
    test = service.get("healthcheck", {}).get("test", [])
    return list(test)


def test_compose_uses_only_words_of_the_specification() -> None:
    assert set(COMPOSE) == {"name", "services", "volumes", "x-portal", "x-worker"}
    assert {"web", "beat", "sweeper", "migrate", "db", "valkey"} < set(SERVICES)
    for name, service in SERVICES.items():
        assert set(service) <= SERVICE_KEYS, name
        assert set(service.get("healthcheck", {})) <= HEALTH_KEYS, name


def test_every_variable_of_the_portal_is_read_by_its_settings() -> None:
    known, _required = variables_of_settings()
    assert len(known) > 10
    for name, service in OURS.items():
        assert set(service["environment"]) <= known, name


def test_every_variable_of_the_settings_is_passed_on_or_left_out_for_a_reason() -> None:
    known, _required = variables_of_settings()
    of_image = set(re.findall(r"\b([A-Z_]+)=", DOCKERFILE))
    assert known - set(OURS["web"]["environment"]) - of_image == LEFT_OUT


def test_every_required_variable_is_given_and_none_of_them_has_a_value_in_the_file() -> None:
    _known, required = variables_of_settings()
    assert required >= {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    for name, service in OURS.items():
        assert required <= set(service["environment"]), name
        for secret in ("SECRET_KEY", "EMAIL_URL"):
            assert re.fullmatch(r"\$\{\w+:\?.*\}", service["environment"][secret]), name


def test_every_secret_asked_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", (CHECKOUT / "docker-compose.yml").read_text()))
    given = dict(line.split("=", 1) for line in (CHECKOUT / ".env.example").read_text().splitlines() if "=" in line)
    assert asked <= set(given)
    assert not given["POSTGRES_PASSWORD"] + given["SECRET_KEY"]


def test_addresses_name_services_of_the_file() -> None:
    for service in OURS.values():
        assert re.search(r"@(\w+):5432/", service["environment"]["DATABASE_URL"]).group(1) in SERVICES  # type: ignore[union-attr]
        assert re.search(r"//(\w+):6379/", service["environment"]["REDIS_URL"]).group(1) in SERVICES  # type: ignore[union-attr]
    database = SERVICES["db"]["environment"]
    assert OURS["web"]["environment"]["DATABASE_URL"].startswith(f"postgresql://{database['POSTGRES_USER']}:")
    assert OURS["web"]["environment"]["DATABASE_URL"].endswith(f"/{database['POSTGRES_DB']}")


@pytest.mark.parametrize("name", OURS)
def test_command_exists(name: str) -> None:
    for command in words(OURS[name]):
        if command[0] == "python":
            assert command[1] == "manage.py"
            assert command[2] in get_commands()
        elif command[0] == "celery":
            assert command[1:3] == ["-A", "portal"]
            assert command[3] in ("worker", "beat")
        else:
            assert command[0] == "granian"
            module, attribute = command[-1].split(":")
            assert callable(getattr(importlib.import_module(module), attribute))


def test_workers_serve_every_queue_once() -> None:
    served = [word for name in OURS for command in words(OURS[name]) for word in _queues(command)]
    assert sorted(served) == sorted(settings.JOB_QUEUES)


def _queues(command: list[str]) -> list[str]:
    return command[command.index("-Q") + 1].split(",") if "-Q" in command else []


def test_one_machine_serves_the_same_queues() -> None:
    assert sorted(QUEUES.split(",")) == sorted(settings.JOB_QUEUES)


def test_health_addresses_are_answered_by_the_code() -> None:
    image = json.loads(re.findall(r"^HEALTHCHECK .*?CMD (\[.*\])$", DOCKERFILE, re.M)[0])
    for test in (image, health_test(SERVICES["web"])[1:]):
        assert test[:2] == ["python", "portal/embedded/probe.py"]
        assert (CHECKOUT / test[1]).is_file()
        assert resolve(test[2]).url_name in ("livez", "readyz")
    assert health_test(SERVICES["web"])[-1] == "/readyz"
    assert image[-1] == "/livez"


def test_dependencies_exist_and_can_be_met() -> None:
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] in CONDITIONS, name
            if how["condition"] == "service_healthy":
                assert health_test(SERVICES[needed]), f"{name} waits for {needed}, which has no health check"
            if how["condition"] == "service_completed_successfully":
                assert SERVICES[needed]["restart"] == "no"


def test_only_the_web_server_is_reachable_and_from_this_machine_only() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


def test_volumes_are_declared() -> None:
    named = {place.split(":")[0] for service in SERVICES.values() for place in service.get("volumes", [])}
    assert named == set(COMPOSE["volumes"])


def test_image_is_built_from_files_that_exist_and_reach_the_build() -> None:
    let_in = {line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line}
    assert copied == let_in
    assert not [name for name in copied if not (CHECKOUT / name).exists()]
    packages = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {"tests"}
    assert packages <= copied


def test_image_runs_as_an_ordinary_user_and_keeps_no_secret() -> None:
    lines = DOCKERFILE.splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER urbanlink"]
    assert not [line for line in lines if line.startswith(("ENV", "ARG")) and "SECRET" in line]
    assert "requirements-test.lock" not in DOCKERFILE


def test_image_has_a_python_that_the_project_allows() -> None:
    versions = set(re.findall(r"^FROM python:(3\.\d+)", DOCKERFILE, re.M))
    lowest = re.search(r'requires-python = ">=3\.(\d+)"', Path(CHECKOUT / "pyproject.toml").read_text())
    assert lowest is not None
    assert len(versions) == 1
    assert int(versions.pop().split(".")[1]) >= int(lowest.group(1))
