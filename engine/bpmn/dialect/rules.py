"""The dialect as a table: for every XML element, what may stand on it and in it. What is not here is refused.

An attribute stands here only if the engine does what the attribute says, or if it says nothing about execution
(names, ids, what a modeler draws). `constants` holds attributes that would change how a diagram runs, with the values
that mean what happens anyway.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.dialect.activity_rules import MORE, MORE_BOOLEANS, MORE_EXTENSIONS, extended
from engine.bpmn.dialect.rule import Rule
from engine.bpmn.dialect.rule import rule as _rule

_NODE = "incoming outgoing"
_DATA = "dataInputAssociation dataOutputAssociation property"
_ACTIVITY = f"{_NODE} {_DATA} multiInstanceLoopCharacteristics"
_IO = "properties inputOutput"
_FORM = "formKey formRef formRefBinding"
_NO = ("false", "0")
_YES = ("true", "1")
# What the engine does without being told; a modeler may write it out.
_ONCE: Mapping[str, tuple[str, ...]] = {"isForCompensation": (*_NO, *_YES), "startQuantity": ("1",), "completionQuantity": ("1",)}
_PLAIN: Mapping[str, tuple[str, ...]] = {**_ONCE, "implementation": ("##unspecified", "##WebService")}
CAMUNDA_CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "asyncBefore": _NO,
    "asyncAfter": _NO,
    "exclusive": (*_YES, *_NO),
    "jobPriority": ("0",),
}

# Which template of the modeler an element was made from: said for the modeler alone.
MODELER_ATTRIBUTES = frozenset({"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"})

FLOW_ELEMENTS = (
    "startEvent endEvent intermediateThrowEvent intermediateCatchEvent boundaryEvent "
    "userTask serviceTask businessRuleTask sendTask receiveTask subProcess transaction callActivity "
    "exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway sequenceFlow "
    "dataObject dataObjectReference textAnnotation association group laneSet"
)
_ANY_TEXT = _rule("textFormat")
_CAUGHT_EVENTS = "messageEventDefinition timerEventDefinition signalEventDefinition conditionalEventDefinition eventDefinitionRef"
_THROWN_EVENTS = (
    "messageEventDefinition signalEventDefinition escalationEventDefinition compensateEventDefinition eventDefinitionRef"
)
_OUTWARD_EVENTS = "errorEventDefinition escalationEventDefinition compensateEventDefinition"
_EXPRESSION = _rule("evaluatesToTypeRef", constants={"language": ("juel", "JUEL")})

_ELEMENTS: Mapping[str, Rule] = {
    "definitions": _rule(
        "name targetNamespace typeLanguage exporter exporterVersion",
        constants={"expressionLanguage": ("http://www.w3.org/1999/XPath", "juel", "JUEL", "http://www.omg.org/spec/BPMN/JUEL")},
        children="process collaboration message signal error escalation category terminateEventDefinition linkEventDefinition "
        f"cancelEventDefinition {_CAUGHT_EVENTS} {_OUTWARD_EVENTS}",
    ),
    "message": _rule("name"),
    "signal": _rule("name"),
    "error": _rule("name errorCode", camunda="errorMessage"),
    "escalation": _rule("name escalationCode"),
    "category": _rule("name", children="categoryValue"),
    "categoryValue": _rule("value"),
    "collaboration": _rule(
        "name isClosed", children="participant messageFlow textAnnotation association group", extensions="properties"
    ),
    "participant": _rule("name processRef", children="participantMultiplicity", extensions="properties"),
    "participantMultiplicity": _rule("minimum maximum"),
    "messageFlow": _rule("name sourceRef targetRef messageRef", extensions="properties"),
    "process": _rule(
        "name isExecutable isClosed processType",
        camunda="candidateStarterGroups versionTag historyTimeToLive isStartableInTasklist",
        children=FLOW_ELEMENTS,
        extensions="properties",
    ),
    "laneSet": _rule("name", children="lane"),
    "lane": _rule("name", children="flowNodeRef childLaneSet", extensions="properties"),
    "childLaneSet": _rule("name", children="lane"),
    "startEvent": _rule(
        "name isInterrupting parallelMultiple",
        camunda=f"initiator {_FORM}",
        children=f"{_NODE} {_CAUGHT_EVENTS} {_OUTWARD_EVENTS}",
        extensions="properties",
    ),
    "endEvent": _rule(
        "name",
        children=f"{_NODE} {_THROWN_EVENTS} errorEventDefinition cancelEventDefinition terminateEventDefinition",
        extensions=_IO,
    ),
    "intermediateThrowEvent": _rule("name", children=f"{_NODE} {_THROWN_EVENTS} linkEventDefinition", extensions=_IO),
    "intermediateCatchEvent": _rule(
        "name parallelMultiple", children=f"{_NODE} {_CAUGHT_EVENTS} linkEventDefinition", extensions="properties"
    ),
    "boundaryEvent": _rule(
        "name attachedToRef cancelActivity parallelMultiple",
        children=f"{_NODE} {_CAUGHT_EVENTS} {_OUTWARD_EVENTS} cancelEventDefinition",
        extensions="properties",
    ),
    "userTask": _rule(
        "name default",
        constants=_PLAIN,
        camunda=f"assignee candidateGroups candidateUsers dueDate followUpDate priority {_FORM}",
        children=_ACTIVITY,
        extensions=_IO,
    ),
    "serviceTask": _rule("name default", constants=_PLAIN, camunda="type topic", children=_ACTIVITY, extensions=_IO),
    "businessRuleTask": _rule(
        "name default", constants=_PLAIN, camunda="decisionRef resultVariable mapDecisionResult", children=_ACTIVITY, extensions=_IO
    ),
    "sendTask": _rule("name default messageRef", constants=_PLAIN, children=_ACTIVITY, extensions=_IO),
    "receiveTask": _rule("name default messageRef instantiate", constants=_PLAIN, children=_ACTIVITY, extensions=_IO),
    "subProcess": _rule("name default triggeredByEvent", constants=_ONCE, children=f"{_ACTIVITY} {FLOW_ELEMENTS}", extensions=_IO),
    "transaction": _rule(
        "name default",
        constants={**_ONCE, "method": ("##Compensate", "compensate"), "triggeredByEvent": _NO},
        children=f"{_ACTIVITY} {FLOW_ELEMENTS}",
        extensions=_IO,
    ),
    "callActivity": _rule(
        "name default calledElement",
        constants=_ONCE,
        camunda="calledElementBinding calledElementVersion",
        children=_ACTIVITY,
        extensions=f"{_IO} in out",
    ),
    "exclusiveGateway": _rule("name default gatewayDirection", children=_NODE, extensions="properties"),
    "inclusiveGateway": _rule("name default gatewayDirection", children=_NODE, extensions="properties"),
    "parallelGateway": _rule("name gatewayDirection", children=_NODE, extensions="properties"),
    "eventBasedGateway": _rule(
        "name gatewayDirection instantiate",
        constants={"eventGatewayType": ("Exclusive", "Parallel")},
        children=_NODE,
        extensions="properties",
    ),
    "sequenceFlow": _rule(
        "name sourceRef targetRef", constants={"isImmediate": _YES}, children="conditionExpression", extensions="properties"
    ),
    "conditionExpression": _rule("evaluatesToTypeRef", constants={"language": ("juel", "JUEL")}),
    "messageEventDefinition": _rule("messageRef"),
    "timerEventDefinition": _rule(children="timeDate timeDuration timeCycle"),
    "terminateEventDefinition": _rule(),
    "cancelEventDefinition": _rule(),
    "signalEventDefinition": _rule("signalRef"),
    "errorEventDefinition": _rule("errorRef", camunda="errorCodeVariable errorMessageVariable"),
    "escalationEventDefinition": _rule("escalationRef", camunda="escalationCodeVariable"),
    "compensateEventDefinition": _rule("activityRef waitForCompletion"),
    "conditionalEventDefinition": _rule(camunda="variableName variableEvents", children="condition"),
    "condition": _EXPRESSION,
    "linkEventDefinition": _rule("name"),
    "eventDefinitionRef": _rule(),
    "timeDate": _rule("evaluatesToTypeRef", constants={"language": ("juel", "JUEL")}),
    "timeDuration": _rule("evaluatesToTypeRef", constants={"language": ("juel", "JUEL")}),
    "timeCycle": _rule("evaluatesToTypeRef", constants={"language": ("juel", "JUEL")}),
    "multiInstanceLoopCharacteristics": _rule(
        "isSequential behavior noneBehaviorEventRef oneBehaviorEventRef",
        camunda="collection elementVariable",
        children="complexBehaviorDefinition loopCardinality completionCondition loopDataOutputRef outputDataItem",
    ),
    "complexBehaviorDefinition": _rule(children="condition event"),
    "event": _rule("name", children=f"{_THROWN_EVENTS} errorEventDefinition"),
    "loopCardinality": _rule("evaluatesToTypeRef", constants={"language": ("juel", "JUEL")}),
    "completionCondition": _rule("evaluatesToTypeRef", constants={"language": ("juel", "JUEL")}),
    "loopDataOutputRef": _rule(),
    "outputDataItem": _rule("name", constants={"isCollection": _NO}),
    # Drawn arrows between data objects and activities: without assignments they move no data in any engine.
    "dataObject": _rule("name isCollection", extensions="properties"),
    "dataObjectReference": _rule("name dataObjectRef", children="dataState", extensions="properties"),
    "dataState": _rule("name"),
    "dataInputAssociation": _rule(children="sourceRef targetRef"),
    "dataOutputAssociation": _rule(children="sourceRef targetRef"),
    "property": _rule("name"),
    "sourceRef": _rule(),
    "targetRef": _rule(),
    "textAnnotation": _rule("textFormat", children="text", extensions="properties"),
    "association": _rule("sourceRef targetRef associationDirection"),
    "group": _rule("categoryValueRef", extensions="properties"),
    "text": _rule(),
    "documentation": _ANY_TEXT,
    "extensionElements": _rule(),
    "incoming": _rule(),
    "outgoing": _rule(),
    "flowNodeRef": _rule(),
}

_VALUES = frozenset({"list", "map"})
_EXTENSIONS: Mapping[str, Rule] = {
    "properties": Rule(children=frozenset({"property"})),
    "property": Rule(frozenset({"id", "name", "value"})),
    "inputOutput": Rule(children=frozenset({"inputParameter", "outputParameter"})),
    "inputParameter": Rule(frozenset({"name"}), children=_VALUES),
    "outputParameter": Rule(frozenset({"name"}), children=_VALUES),
    "list": Rule(children=_VALUES | {"value"}),
    "map": Rule(children=frozenset({"entry"})),
    "entry": Rule(frozenset({"key"}), children=_VALUES),
    "value": Rule(),
    "in": Rule(frozenset({"source", "sourceExpression", "target", "variables", "businessKey"})),
    "out": Rule(frozenset({"source", "sourceExpression", "target", "variables"})),
}

ELEMENTS: Mapping[str, Rule] = extended(_ELEMENTS, MORE)
EXTENSIONS: Mapping[str, Rule] = extended(_EXTENSIONS, (MORE_EXTENSIONS,))

# Anything but these would have to be guessed at, and a wrong guess turns an interrupting event into another kind.
BOOLEANS = frozenset(
    {
        *("isInterrupting", "cancelActivity", "triggeredByEvent", "isSequential", "isExecutable", "isStartableInTasklist"),
        *("parallelMultiple", "instantiate", "isForCompensation", "waitForCompletion"),
    }
)
BOOLEANS |= MORE_BOOLEANS

# What to do instead, for what people are most likely to have drawn.
ELEMENT_HINTS: Mapping[str, str] = {
    "potentialOwner": "potentialOwner is not executed: say who does the task in camunda:candidateGroups.",
    "humanPerformer": "humanPerformer is not executed: say who does the task in camunda:assignee.",
    "performer": "performer is not executed: say who does the task in camunda:assignee.",
    "resourceRole": "resourceRole is not executed: say who does the task in camunda:candidateGroups.",
    "import": "Imports are not read: put everything that the diagram needs into the file.",
    "choreography": "Choreographies are not executed: draw a process.",
}
# The same for what is executed, but not there.
PLACE_HINTS: Mapping[tuple[str, str], str] = {
    ("intermediateThrowEvent", "errorEventDefinition"): "An error ends its path: throw it from an end event.",
    (
        "intermediateThrowEvent",
        "cancelEventDefinition",
    ): "An end event in a transaction cancels it: make this an end event.",
    ("intermediateThrowEvent", "terminateEventDefinition"): "Only an end event terminates: make this an end event.",
    ("intermediateThrowEvent", "timerEventDefinition"): "A timer is waited for, not thrown: make this an intermediate catch event.",
    ("intermediateThrowEvent", "conditionalEventDefinition"): "A condition is waited for, not thrown: make this a catch event.",
    (
        "intermediateCatchEvent",
        "errorEventDefinition",
    ): "Errors are caught on an activity's border or by an event subprocess.",
    (
        "intermediateCatchEvent",
        "escalationEventDefinition",
    ): "Escalations are caught on a border or by an event subprocess.",
    ("intermediateCatchEvent", "compensateEventDefinition"): "Compensation is caught on the border of an activity: put it there.",
    ("intermediateCatchEvent", "cancelEventDefinition"): "A cancellation is caught on the border of its transaction: put it there.",
    ("boundaryEvent", "linkEventDefinition"): "A link joins two paths of one scope: draw the flow from the boundary event.",
    ("startEvent", "cancelEventDefinition"): "A cancellation is caught on the border of its transaction: put it there.",
    ("startEvent", "linkEventDefinition"): "A link is caught by an intermediate event: make this one.",
    ("endEvent", "linkEventDefinition"): "A link goes on elsewhere: make this an intermediate throw event.",
    ("endEvent", "timerEventDefinition"): "A timer is waited for: put an intermediate catch event before the end.",
    ("endEvent", "conditionalEventDefinition"): "A condition is waited for: put an intermediate catch event before the end.",
}
CAMUNDA_HINTS: Mapping[str, str] = {
    "expression": "Write ${…} in camunda:expression of a service task, or in an execution listener.",
    "resource": "A script in a file of its own is not read: write the script into the diagram.",
    "field": "Fields are injected into Java classes, which are not executed: write the value into the script or expression.",
    "script": "A script stands in a script task, in a listener or in a parameter.",
    "executionListener": "Listeners stand on flow nodes, flows and the process.",
    "taskListener": "Task listeners stand on user tasks.",
    "formData": "Forms stand on user tasks and start events.",
    "connector": 'Connectors are not executed: use camunda:type="external" with a topic.',
    "class": 'Java classes are not executed: use camunda:type="external" with a topic.',
    "delegateExpression": 'Java delegates are not executed: use camunda:type="external" with a topic.',
    "jobPriority": "Jobs have their turn in the order in which they fall due: remove it.",
    "taskPriority": "Only an external task has one: write it on the service task.",
    "candidateStarterUsers": "Name a role in camunda:candidateStarterGroups instead.",
    "formRefVersion": 'A form\'s version cannot be named in this version: use camunda:formRefBinding="deployment" or "latest".',
    "calledElementTenantId": "There are no tenants: remove it.",
    "caseRef": "Cases (CMMN) are not executed: call a process.",
    "variableMappingClass": "Java classes are not executed: use camunda:in and camunda:out.",
}
