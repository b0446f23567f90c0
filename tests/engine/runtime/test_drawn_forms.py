"""Forms that stand in the diagram are deployed with it, bound to its version, and asked as any form."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.bpmn import DeploymentRefused
from engine.store.tables import task
from forms import Form, FormErrors
from tests.engine.bpmn.diagrams import extension, in_line, user
from tests.engine.runtime.conftest import House


def drawn(*, label: str = "Name") -> bytes:
    longest = extension("constraint", name="maxlength", config="5")
    limits = extension("validation", extension("constraint", name="required"), longest)
    data = extension(
        "formData",
        extension("formField", limits, id="name", type="string", label=label),
        extension("formField", id="n", type="long", label="Number", defaultValue="3"),
        extension(
            "formField", extension("value", id="v", name="Ve"), extension("value", id="w", name="We"),
            id="choice", type="enum", label="Choice",
        ),
        extension("formField", id="day", type="date", label="Day"),
        extension("formField", id="sure", type="boolean", label="Sure", defaultValue="true"),
    )  # fmt: skip
    return in_line(user("a", data, _assignee="anna"), user("b", _assignee="anna"))


def form_of(house: House, task_id: int) -> Form | None:
    with house.database.read() as connection:
        form_id = connection.execute(select(task.c.form_id).where(task.c.id == task_id)).scalar_one()
    return None if form_id is None else house.runtime.parts.definitions.form(form_id)


def test_a_drawn_form_is_the_form_of_its_task(house: House) -> None:
    house.deploy(p__bpmn=drawn())
    (task_id,) = house.runtime.start("p", {}, actor=house.karin).tasks
    form = form_of(house, task_id)
    assert form is not None
    assert form.labels() == {"name": "Name", "n": "Number", "choice": "Choice", "day": "Day", "sure": "Sure"}
    assert [field.type for field in form.fields] == ["textfield", "number", "select", "datetime", "checkbox"]
    feel = house.runtime.parts.toolkit.feel
    with pytest.raises(FormErrors) as errors:
        form.validate({"name": "longer than five", "n": "x", "choice": "z", "day": "no day"}, context={}, feel=feel)
    assert set(errors.value.errors) == {"name", "n", "choice", "day"}
    assert form.validate({"name": "Bo", "n": "4", "choice": "v", "day": "2026-02-01", "sure": "on"}, context={}, feel=feel) == {
        "name": "Bo", "n": 4, "choice": "v", "day": "2026-02-01", "sure": True,
    }  # fmt: skip


def test_a_running_instance_keeps_the_form_of_its_version(house: House) -> None:
    house.deploy(p__bpmn=drawn())
    (older,) = house.runtime.start("p", {}, actor=house.karin).tasks
    house.deploy(p__bpmn=drawn(label="Full name"))
    (newer,) = house.runtime.start("p", {}, actor=house.karin).tasks
    labels = [form.labels()["name"] for task_id in (older, newer) if (form := form_of(house, task_id)) is not None]
    assert labels == ["Name", "Full name"]


def test_what_the_form_package_refuses_refuses_the_diagram(house: House) -> None:
    data = extension("formData", extension("formField", id="_x", type="string", label="X"))
    with pytest.raises(DeploymentRefused):
        house.deploy(p__bpmn=in_line(user("a", data)))
