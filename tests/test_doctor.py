"""What the doctor finds: all well, or what is missing and how to mend it."""

import pytest

from kg import doctor
from kg.errors import ModelError


def broken() -> str:
    raise ModelError("models/news: no HanLP model; give a folder that HanLP wrote")


def test_checks_tell_versions_and_what_loads() -> None:
    found = {check.name: check for check in doctor.checks(lambda: "news-1", broken)}
    assert found["hanlp"].finding == "2.1.5"
    assert found["model"].is_well
    assert found["model"].finding == "news-1"
    assert not found["engine"].is_well
    assert "give a folder" in found["engine"].finding


def test_checks_name_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("no-such-package",))
    found = {check.name: check for check in doctor.checks(lambda: "news-1", lambda: "engine")}
    assert not found["no-such-package"].is_well
    assert "pip install" in found["no-such-package"].finding
