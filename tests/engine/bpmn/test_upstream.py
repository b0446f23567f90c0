"""What of SpiffWorkflow the kernel leans on beyond its documented doors. A new version has to be read against this list."""

from __future__ import annotations

import importlib
import inspect
from importlib.metadata import version

import pytest


def test_the_version_is_the_one_that_was_read():
    assert version("SpiffWorkflow") == "3.2.0"


@pytest.mark.parametrize(
    ("module", "owner", "members"),
    [
        (
            "task",
            "Task",
            "has_state state children parent _child_added_notify _set_state _add_child _inherit_data _ready run complete cancel",
        ),
        ("util.task", "TaskState", "READY WAITING STARTED COMPLETED CANCELLED FINISHED_MASK get_name"),
        ("specs.base", "TaskSpec", "_predict _predict_hook _update _run _run_hook _on_complete _on_cancel _connect_notify"),
        ("specs.WorkflowSpec", "WorkflowSpec", "__init__ _add_notify"),
        ("bpmn.specs.bpmn_process_spec", "BpmnProcessSpec", "_add_notify"),
        ("bpmn.specs.bpmn_task_spec", "_BpmnCondition", "_matches"),
        ("bpmn.workflow", "BpmnWorkflow", "do_engine_steps is_completed cancel script_engine data_objects"),
        ("bpmn.util.event", "EventManager", "add_task remove_task"),
        ("bpmn.script_engine", "PythonScriptEngine", "evaluate call_service validate"),
        ("bpmn.script_engine", "BasePythonScriptEngineEnvironment", "evaluate execute call_service"),
        (
            "bpmn.parser.BpmnParser",
            "BpmnParser",
            "create_parser get_spec _get_parser_class OVERRIDE_PARSER_CLASSES PROCESS_PARSER_CLASS",
        ),
        ("bpmn.parser.ProcessParser", "ProcessParser", "parse_node get_spec _parse create_spec add_tasks get_name"),
        (
            "bpmn.parser.TaskParser",
            "TaskParser",
            "parse_node create_task PARALLEL_MI_CLASS SEQUENTIAL_MI_CLASS EVENT_SUBPROCESS_CLASS",
        ),
        (
            "bpmn.parser.event_parsers",
            "EventDefinitionParser",
            "_create_task get_event_definition parse_message_event parse_timer_event",
        ),
        ("bpmn.specs.event_definitions.message", "MessageEventDefinition", "throw"),
        ("bpmn.specs.event_definitions.timer", "TimerEventDefinition", "__init__"),
        ("bpmn.specs.event_definitions.item_aware_event", "SignalEventDefinition", "__init__"),
        ("bpmn.specs.event_definitions.item_aware_event", "CodeEventDefinition", "__init__"),
        ("bpmn.specs.event_definitions.conditional", "ConditionalEventDefinition", "__init__"),
        ("bpmn.specs.event_definitions.multiple", "MultipleEventDefinition", "__init__"),
        ("bpmn.specs.event_definitions.simple", "CancelEventDefinition", "__init__"),
        ("bpmn.specs.event_definitions.simple", "TerminateEventDefinition", "__init__"),
        ("bpmn.specs.defaults", "TransactionSubprocess", "__init__"),
    ],
)
def test_the_members_that_are_relied_on_exist(module, owner, members):
    found = getattr(importlib.import_module(f"SpiffWorkflow.{module}"), owner)
    assert [name for name in members.split() if not hasattr(found, name)] == []


def test_a_workflow_that_is_deserialized_makes_no_task_tree():
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.workflow import Workflow

    assert "deserializing" in inspect.signature(Workflow.__init__).parameters
    assert list(inspect.signature(BpmnWorkflow.__init__).parameters) == [
        "self",
        "spec",
        "subprocess_specs",
        "script_engine",
        "kwargs",
    ]


def test_the_stock_script_environment_is_never_made(monkeypatch):
    from SpiffWorkflow.bpmn.script_engine import python_engine

    from tests.engine.bpmn.diagrams import end, exclusive, process, start, user
    from tests.engine.bpmn.play import Play

    def refuse(*arguments):
        raise AssertionError("Python's eval is within reach")

    monkeypatch.setattr(python_engine, "TaskDataEnvironment", refuse)
    story = Play(process(start(), exclusive("x"), user("a"), end(), flows="start>x; x>a ${n == 1}; x>end *; a>end")).start({"n": 1})
    assert story.complete("a").over
