"""Reads what activities and gateways carry beyond `details`: scripts, listeners, loops, jobs, conditions in other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.bpmn.calendar import parse_duration
from engine.bpmn.dialect.expressions import check_action, check_expression, check_template, check_variable, check_whole_number
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node, camunda, camunda_children, child, extensions, is_true, local, text
from engine.bpmn.model import AdHoc, Listener, Script, StandardLoop, Work

_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("juel", "http://www.omg.org/spec/bpmn/juel"), "juel"),
    **dict.fromkeys(("javascript", "ecmascript", "js", "text/javascript", "application/javascript"), "javascript"),
    **dict.fromkeys(
        ("feel", "https://www.omg.org/spec/dmn/20191111/feel/", "http://www.omg.org/spec/feel/20140401", "feel-scala"), "feel"
    ),
}
EXECUTION_EVENTS = ("start", "end")
TASK_EVENTS = ("create", "assignment", "complete", "delete")
_QUANTITY = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_REPEATED = re.compile(r"R([0-9]{1,4})/(.+)", re.ASCII)


def read_language(node: Node, named: str | None, what: str, report: Report) -> str | None:
    """Which of the languages of scripts `named` is (juel if it is silent), or None, reported."""
    if not named:
        return "juel"
    language = _LANGUAGES.get(named.strip().lower())
    if language is None:
        reason = f"{what} is written in {named.strip()[:40]}, which is not run here"
        report.at(node, f"{reason}: write it in JavaScript (javascript), in FEEL (feel) or as ${{…}}.")
    return language


def _check_source(node: Node, language: str, source: str, what: str, report: Report) -> None:
    if not source:
        report.at(node, f"{what} is empty: write what is to be done, or remove it.")
    elif report.check_script is not None:
        try:
            report.check_script(language, source)
        except ValueError as error:
            report.at(node, f"{what} cannot be read: {error}.")


def read_condition(node: Node, what: str, report: Report) -> str | Script:
    """A condition: a `${…}` or, with `language`, a script whose value it is."""
    source = text(node)
    language = read_language(node, node.get("language"), what, report)
    if language == "juel":
        check_expression(node, source, what, report)
        return source
    if language is not None:
        _check_source(node, language, source, what, report)
    return Script(language or "feel", source)


def read_number(node: Node, what: str, report: Report) -> str | Script:
    """A whole number: written out, as `${…}`, or as a script."""
    language = read_language(node, node.get("language"), what, report)
    if language == "juel":
        check_whole_number(node, text(node), what, report)
        return text(node)
    return Script(language or "feel", text(node))


def read_script(node: Node, what: str, report: Report, *, acts: bool) -> Script | None:
    """A camunda:script within a listener (`acts`: it may set variables) or a parameter."""
    if node.get("resource") is not None:
        return None  # the table of rules has said it
    named = node.get("scriptFormat")
    if not named:
        report.at(node, f"{what} does not say in which language it is written: write scriptFormat, for example javascript.")
        return None
    language = read_language(node, named, what, report)
    if language is None:
        return None
    source = text(node)
    if language != "juel":
        _check_source(node, language, source, what, report)
    elif acts:
        check_action(node, source, what, report)
    else:
        check_template(node, source, what, report)
    return Script(language, source)


def read_work(node: Node, report: Report) -> Work | None:
    """What a script task does, or a service task with camunda:expression."""
    variable = camunda(node, "resultVariable")
    if variable is not None:
        check_variable(node, variable, "camunda:resultVariable", report)
    if local(node) == "serviceTask":
        return _read_expression(node, variable, report)
    holder = child(node, "script")
    named = node.get("scriptFormat") or node.get("scriptLanguage")
    if holder is None or not named:
        report.at(node, "It is not said what this script task does: write scriptFormat (javascript, feel or juel) and the script.")
        return None
    language, source = read_language(node, named, "The script", report), text(holder)
    if language is None:
        return None
    if language == "juel":
        check_action(node, source, "The script", report)
    else:
        _check_source(node, language, source, "The script", report)
        if language == "feel" and variable is None:
            report.at(node, "A FEEL expression gives a value and does nothing else: name a variable in camunda:resultVariable.")
    return Work(Script(language, source), variable)


def _read_expression(node: Node, variable: str | None, report: Report) -> Work | None:
    expression = camunda(node, "expression")
    if expression is None:
        if variable is not None:
            report.at(node, "camunda:resultVariable belongs to camunda:expression: write output parameters for a worker's answer.")
        return None
    if camunda(node, "type") is not None or camunda(node, "topic") is not None:
        report.at(node, "The task has an expression and a worker: keep camunda:expression, or camunda:type and camunda:topic.")
    check_action(node, expression, "camunda:expression", report)
    return Work(Script("juel", expression), variable)


def read_listeners(node: Node, report: Report) -> tuple[Listener, ...]:
    """The listeners of an element, flow or process, in their order."""
    events = ("take",) if local(node) == "sequenceFlow" else EXECUTION_EVENTS
    found = [listener for item in extensions(node, "executionListener") for listener in _read_listener(item, events, report)]
    for item in extensions(node, "taskListener"):
        event = item.get("event")
        if event in ("update", "timeout"):
            reason = "changes of an open task do not reach the process" if event == "update" else "a timer is drawn"
            report.at(item, f"A task listener for {event} is not run, as {reason}: use a boundary event that does not interrupt.")
        else:
            found += _read_listener(item, TASK_EVENTS, report)
    return tuple(found)


def _read_listener(item: Node, events: tuple[str, ...], report: Report) -> list[Listener]:
    event = (item.get("event") or ("take" if events == ("take",) else "")).strip()
    if event not in events:
        report.at(item, f"The listener's event is “{event[:40]}”: use {' or '.join(events)}.")
        return []
    for name in ("class", "delegateExpression"):
        if item.get(name) is not None:
            return []  # the table of rules has said it
    expression, scripts = item.get("expression"), list(camunda_children(item, "script"))
    if (expression is None) == (not scripts) or len(scripts) > 1:
        report.at(item, "A listener does exactly one thing: write expression, or a camunda:script within it.")
        return []
    if expression is not None:
        check_action(item, expression, "The listener's expression", report)
        return [Listener(event, Script("juel", expression.strip()))]
    script = read_script(scripts[0], "The listener's script", report, acts=True)
    return [] if script is None else [Listener(event, script)]


def read_standard_loop(node: Node, report: Report) -> StandardLoop | None:
    marker = child(node, "standardLoopCharacteristics")
    if marker is None:
        return None
    if child(node, "multiInstanceLoopCharacteristics") is not None:
        report.at(marker, "An activity is a loop or a multi-instance, not both: keep one of the marks.")
    condition, most = child(marker, "loopCondition"), marker.get("loopMaximum")
    if condition is None and most is None:
        report.at(marker, "The loop would never end: write loopCondition, which holds as long as it goes on, or loopMaximum.")
    if most is not None:
        check_whole_number(marker, most, "loopMaximum", report)
    return StandardLoop(
        condition=None if condition is None else read_condition(condition, "loopCondition", report),
        test_before=is_true(marker, "testBefore", False),
        most=most,
    )


def read_ad_hoc(node: Node, report: Report) -> AdHoc:
    ordering = node.get("ordering", "Parallel")
    if ordering not in ("Parallel", "Sequential"):
        report.at(node, f"ordering is “{ordering[:40]}”: use Parallel or Sequential.")
    condition = child(node, "completionCondition")
    return AdHoc(
        sequential=ordering == "Sequential",
        condition=None if condition is None else read_condition(condition, "completionCondition", report),
        cancels_rest=is_true(node, "cancelRemainingInstances", True),
    )


def read_around(node: Node, report: Report) -> dict[str, Any]:
    """What stands around an element's work: jobs, their retries, numbers of tokens, listeners."""
    found: dict[str, Any] = {"listeners": read_listeners(node, report), "retry": read_retry(node, report)}
    found["job_before"], found["job_after"] = is_set(node, "asyncBefore"), is_set(node, "asyncAfter")
    for field, name in (("start_quantity", "startQuantity"), ("completion_quantity", "completionQuantity")):
        written = (node.get(name) or "1").strip()
        if not _QUANTITY.fullmatch(written):
            report.at(node, f"{name} is “{written[:40]}”: write a whole number from 1 to 9999.")
        else:
            found[field] = int(written)
    priority = camunda(node, "taskPriority")
    if priority is not None:
        check_whole_number(node, priority, "camunda:taskPriority", report)
        found["task_priority"] = priority
    return found


def is_set(node: Node, name: str) -> bool:
    return camunda(node, name) in ("true", "1")


def read_retry(node: Node, report: Report) -> str | None:
    """camunda:failedJobRetryTimeCycle: `R3/PT10M` or a list of pauses `PT10M,PT1H`; an expression is not read."""
    items = list(extensions(node, "failedJobRetryTimeCycle"))
    if not items:
        return None
    written = text(items[0])
    repeated = _REPEATED.fullmatch(written)
    pauses = [repeated[2]] if repeated is not None else written.split(",")
    try:
        for pause in pauses:
            parse_duration(pause.strip())
    except ValueError as error:
        report.at(items[0], f"failedJobRetryTimeCycle “{written[:40]}” is no cycle such as R3/PT10M or PT10M,PT1H: {error}.")
        return None
    return written


def read_activation(node: Node, report: Report) -> str | Script | None:
    condition = child(node, "activationCondition")
    return None if condition is None else read_condition(condition, "activationCondition", report)
