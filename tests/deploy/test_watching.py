"""Prometheus' rules and Grafana's dashboard ask for figures that there are."""

from __future__ import annotations

import json
import re

import pytest

from tests.deploy.files import DEPLOY, ROOT, loaded, read

dashboard = loaded("scripts/dashboard.py")
RULES = [rule for group in read("prometheus/alerts.yaml")["groups"] for rule in group["rules"]]
QUERIES = [query for panel in dashboard.PANELS for _, query in panel.queries]
SUFFIXES = re.compile(r"_(?:bucket|count|sum)$")


def known():
    """Return the figures that the reference names."""
    text = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
    return set(re.findall(r"`((?:vistka|process)_\w+)`", text))


def named(query):
    """Return the figures that a query asks for."""
    return {SUFFIXES.sub("", name) for name in re.findall(r"\b(?:vistka|process)_\w+|\bup\b", query)}


@pytest.mark.parametrize("queries", [QUERIES, [rule["expr"] for rule in RULES]], ids=["dashboard", "alerts"])
def test_every_figure_that_is_asked_for_exists(queries):
    there = known() | {"up"}
    assert [query for query in queries if not named(query) or not named(query) <= there] == []


def test_every_figure_stands_in_a_panel_or_is_left_out_for_a_reason():
    assert known() - set().union(*map(named, QUERIES)) == dashboard.LEFT_OUT.keys()
    assert all(dashboard.LEFT_OUT.values())


def test_the_dashboard_is_in_step_with_its_script():
    assert dashboard.BOARD.read_text(encoding="utf-8") == dashboard.written(), "run python scripts/dashboard.py"


def test_the_panels_stand_side_by_side_and_never_over_one_another():
    taken = set()
    for panel in json.loads(dashboard.BOARD.read_text(encoding="utf-8"))["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken
        assert at["x"] + at["w"] <= dashboard.ACROSS
        taken |= cells


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_says_how_urgent_it_is_and_what_is_the_matter(rule):
    assert rule["labels"]["severity"] in ("page", "warn")
    assert re.search(r"[.?]$", rule["annotations"]["summary"])


def test_the_alerts_are_explained():
    text = (ROOT / "docs" / "howto" / "watch.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in RULES if rule["alert"] not in text] == []


def test_what_is_scraped_are_the_services_that_there_are():
    jobs = {job["job_name"]: job for job in read("prometheus/prometheus.yaml")["scrape_configs"]}
    names = set(jobs["vistka"]["dns_sd_configs"][0]["names"])
    parts = {**read("compose.yaml")["services"], **read("compose.workers.yaml")["services"]}
    assert names == {name for name, each in parts.items() if each["image"] == "vistka"}
    assert read("prometheus/prometheus.yaml")["rule_files"] == ["alerts.yaml"]


def test_the_dashboard_reads_from_the_source_that_is_set_up():
    (source,) = read("grafana/datasources/prometheus.yaml")["datasources"]
    assert source["uid"] == dashboard.SOURCE["uid"]
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in read("compose.watch.yaml")["services"]
    (provider,) = read("grafana/dashboards/dashboards.yaml")["providers"]
    folder = provider["options"]["path"].removeprefix("/etc/grafana/provisioning")
    assert (DEPLOY / f"grafana{folder}" / dashboard.BOARD.name).exists()
