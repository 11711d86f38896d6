"""Health and metrics: a real job, asked for rarely; figures where they are open, nothing typed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.page.serving.finishing import finished
from viz.errors import SandboxBusy, SandboxUnavailable, problem
from viz.page.asking import counted, health
from viz.page.serving import watched
from viz.page.serving.watched import Health, Watched
from viz.program import check
from viz.records import TraceQuestion


def answered(front: Watched, path: str) -> tuple[int, str]:
    return finished(sent(front, path))


async def sent(front: Watched, path: str) -> tuple[int, str]:
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    await front({"type": "http", "method": "GET", "path": path, "headers": []}, None, send)
    return messages[0]["status"], messages[1]["body"].decode()


async def streamlit(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


def front(job: Any) -> Watched:
    return Watched(streamlit, job, health.registry)


def test_health_is_a_real_job() -> None:
    health.sandbox().trace("x + 1")  # a server that is still starting is not yet well
    status, words = answered(front(health.job), "/healthz")
    assert status == 200
    assert words.startswith("well, level ")


def test_the_job_runs_once_however_often_one_asks() -> None:
    asked = []
    watched_page = front(lambda: asked.append(1) or Health(True, "well"))

    async def many() -> list[tuple[int, str]]:
        return await asyncio.gather(*(sent(watched_page, "/healthz") for _ in range(20)))

    assert set(finished(many())) == {(200, "well\n")}
    assert len(asked) == 1


def test_a_server_that_runs_nothing_is_sick(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(front(lambda: Health(False, "SandboxUnavailable")), "/healthz")[0] == 503
    monkeypatch.setattr(watched, "PATIENCE", 0.01)
    slow = front(lambda: __import__("time").sleep(0.1) or Health(True, "well"))
    assert answered(slow, "/healthz") == (503, "no answer\n")


def test_a_full_house_is_no_illness(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        level = "full"

        def trace(self, *_: Any, **__: Any) -> None:
            raise SandboxBusy(problem("All places are taken.", "Wait."))

    monkeypatch.setattr(health, "sandbox", Full)
    assert health.job() == Health(True, "busy, level full")


@pytest.mark.parametrize("path", ["/metrics", "/metricsx", "/", "/_stcore/health"])
def test_metrics_are_closed_unless_asked_for(path: str) -> None:
    assert answered(front(health.job), path) == (200, "page")


def test_metrics_count_and_name_nothing_that_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRAD_EXPLORER_METRICS", "1")
    question = TraceQuestion(check("secret * secret"), {"secret": "1234.5"})
    with counted.counted(question):
        pass
    with pytest.raises(SandboxBusy), counted.counted(question):
        raise SandboxBusy(problem("All places are taken.", "Wait."))
    health.job()
    status, text = answered(front(health.job), "/metrics")
    assert status == 200
    found = {
        (sample.name, *(label for _, label in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    name = counted.NAME
    assert found[f"{name}_answers_total", "answered", "TraceQuestion"] >= 1
    assert found[f"{name}_answers_total", "SandboxBusy", "TraceQuestion"] >= 1
    assert found[f"{name}_answer_seconds_count", "TraceQuestion"] >= 2
    assert found[f"{name}_runs_total", "answered"] >= 1
    assert found[f"{name}_places",] >= 1
    assert found[f"{name}_waiting",] == 0
    assert any(key[0] == f"{name}_level" for key in found)
    assert "secret" not in text
    assert "1234" not in text


def test_the_console_says_how_programs_are_confined(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    health.announce()
    assert "confined: level " in capsys.readouterr().out

    def none() -> None:
        raise SandboxUnavailable(problem("Nothing runs here.", "Use Linux."))

    monkeypatch.setattr(health, "sandbox", none)
    health.announce()
    assert "not at all: Nothing runs here. Use Linux." in capsys.readouterr().out
