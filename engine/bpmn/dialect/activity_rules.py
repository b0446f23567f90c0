"""What the table of rules says of activities beyond events: scripts, listeners, loops, jobs, data, global tasks."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.dialect.rule import Rule, rule

_ACTIVITIES = [
    "task",
    "manualTask",
    "scriptTask",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
    "subProcess",
    "adHocSubProcess",
    "callActivity",
]
_GATEWAYS = ["exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway"]
_EVENTS = ["startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent"]
_NODE = "incoming outgoing"
_JOB = "asyncBefore asyncAfter exclusive"
_NEW_NODES = "task manualTask scriptTask complexGateway adHocSubProcess dataStoreReference"
_LISTENS = "executionListener failedJobRetryTimeCycle"
_LANGUAGE = rule("evaluatesToTypeRef language")
_GLOBAL = "ioSpecification"


def _named(names: list[str], extra: Rule) -> dict[str, Rule]:
    return dict.fromkeys(names, extra)


_ACTIVITY = rule(
    "name default startQuantity completionQuantity",
    constants={"isForCompensation": ("false", "0")},
    camunda=_JOB,
    children=f"{_NODE} dataInputAssociation dataOutputAssociation property ioSpecification "
    "multiInstanceLoopCharacteristics standardLoopCharacteristics",
    extensions=f"properties inputOutput {_LISTENS}",
)
_DATA = rule("name isCollection itemSubjectRef dataObjectRef dataStoreRef", children="dataState")
_SET = rule(
    "name",
    children="dataInputRefs optionalInputRefs whileExecutingInputRefs outputSetRefs dataOutputRefs optionalOutputRefs "
    "whileExecutingOutputRefs inputSetRefs",
)

# Each joins what `rules` has under the same name; what is an attribute here is no longer held to a constant there.
MORE: tuple[Mapping[str, Rule], ...] = (
    _named(_ACTIVITIES, _ACTIVITY),
    _named(_GATEWAYS, rule("name gatewayDirection", camunda=_JOB, children=_NODE, extensions=f"properties {_LISTENS}")),
    _named(_EVENTS, rule(camunda=_JOB, extensions=_LISTENS)),
    _named(["intermediateThrowEvent", "endEvent"], rule(children="dataInput dataInputAssociation inputSet")),
    _named(
        ["startEvent", "intermediateCatchEvent", "boundaryEvent"],
        rule(children="dataOutput dataOutputAssociation outputSet", extensions="inputOutput"),
    ),
    _named(["process", "subProcess", "transaction"], rule(children=_NEW_NODES)),
    _named(
        [
            "conditionExpression",
            "loopCardinality",
            "completionCondition",
            "loopCondition",
            "activationCondition",
            "from",
            "to",
            "transformation",
        ],
        _LANGUAGE,
    ),
    _named(["dataObject", "dataObjectReference", "dataStoreReference", "dataInput", "dataOutput", "property"], _DATA),
    _named(["dataInputAssociation", "dataOutputAssociation"], rule(children="sourceRef targetRef transformation assignment")),
    _named(["inputSet", "outputSet"], _SET),
    _named(
        [
            "dataInputRefs",
            "optionalInputRefs",
            "whileExecutingInputRefs",
            "outputSetRefs",
            "dataOutputRefs",
            "optionalOutputRefs",
            "whileExecutingOutputRefs",
            "inputSetRefs",
            "inMessageRef",
            "outMessageRef",
            "errorRef",
            "loopDataInputRef",
            "operationRef",
        ],
        rule(),
    ),
    {
        "definitions": rule(
            children="globalTask globalUserTask globalScriptTask globalBusinessRuleTask globalManualTask dataStore itemDefinition "
            "interface"
        ),
        "process": rule("isClosed", children="property ioSpecification", extensions="executionListener"),
        "adHocSubProcess": rule(
            "ordering cancelRemainingInstances",
            children="completionCondition userTask serviceTask businessRuleTask sendTask receiveTask subProcess callActivity task "
            "manualTask scriptTask adHocSubProcess exclusiveGateway parallelGateway inclusiveGateway complexGateway "
            "eventBasedGateway intermediateThrowEvent intermediateCatchEvent boundaryEvent sequenceFlow dataObject "
            "dataObjectReference dataStoreReference textAnnotation association group laneSet",
        ),
        "subProcess": rule(children="ioSpecification"),
        "transaction": rule(children="ioSpecification"),
        "scriptTask": rule("scriptFormat", camunda="resultVariable", children="script"),
        "script": rule(),
        "userTask": rule(extensions="taskListener formData"),
        "startEvent": rule(extensions="formData"),
        "serviceTask": rule(camunda="expression resultVariable taskPriority"),
        "businessRuleTask": rule(camunda="decisionRefBinding decisionRefVersion decisionRefVersionTag"),
        "sendTask": rule("operationRef"),
        "receiveTask": rule("operationRef"),
        "callActivity": rule(camunda="calledElementVersionTag"),
        "complexGateway": rule("default", children="activationCondition"),
        "sequenceFlow": rule(extensions="executionListener"),
        "standardLoopCharacteristics": rule("testBefore loopMaximum", children="loopCondition"),
        "multiInstanceLoopCharacteristics": rule(
            camunda="asyncBefore asyncAfter exclusive",
            children="loopDataInputRef inputDataItem",
            extensions="failedJobRetryTimeCycle",
        ),
        "inputDataItem": rule("name isCollection itemSubjectRef"),
        "ioSpecification": rule(children="dataInput dataOutput inputSet outputSet"),
        "assignment": rule(children="from to"),
        "dataStore": rule("name capacity isUnlimited itemSubjectRef", children="dataState"),
        "itemDefinition": rule("structureRef itemKind isCollection"),
        "interface": rule("name implementationRef", children="operation"),
        "operation": rule("name implementationRef", children="inMessageRef outMessageRef errorRef"),
        "globalTask": rule("name", children=_GLOBAL),
        "globalManualTask": rule("name", children=_GLOBAL),
        "globalUserTask": rule(
            "name implementation",
            camunda="assignee candidateGroups candidateUsers dueDate followUpDate priority formKey formRef formRefBinding",
            children=_GLOBAL,
            extensions="properties inputOutput executionListener taskListener",
        ),
        "globalScriptTask": rule(
            "name scriptLanguage",
            camunda="resultVariable",
            children=f"{_GLOBAL} script",
            extensions="properties inputOutput executionListener",
        ),
        "globalBusinessRuleTask": rule(
            "name implementation",
            camunda="decisionRef resultVariable mapDecisionResult decisionRefBinding decisionRefVersion decisionRefVersionTag",
            children=_GLOBAL,
            extensions="properties inputOutput executionListener",
        ),
    },
)
MORE_EXTENSIONS: Mapping[str, Rule] = {
    "script": Rule(frozenset({"scriptFormat"})),
    "executionListener": Rule(frozenset({"id", "event", "expression"}), children=frozenset({"script"})),
    "taskListener": Rule(frozenset({"id", "event", "expression"}), children=frozenset({"script"})),
    "failedJobRetryTimeCycle": Rule(),
    "formData": Rule(children=frozenset({"formField"})),
    "formField": Rule(
        frozenset({"id", "label", "type", "defaultValue", "datePattern"}), children=frozenset({"validation", "value", "properties"})
    ),
    "validation": Rule(children=frozenset({"constraint"})),
    "constraint": Rule(frozenset({"name", "config"})),
    "value": Rule(frozenset({"id", "name"})),
    "inputParameter": Rule(children=frozenset({"script"})),
    "outputParameter": Rule(children=frozenset({"script"})),
    "list": Rule(children=frozenset({"script"})),
    "entry": Rule(children=frozenset({"script"})),
    "in": Rule(frozenset({"local"})),
    "out": Rule(frozenset({"local"})),
}
TEXT_ELEMENTS = frozenset(
    [
        "loopCondition",
        "activationCondition",
        "from",
        "to",
        "transformation",
        "script",
        "loopDataInputRef",
        "dataInputRefs",
        "optionalInputRefs",
        "whileExecutingInputRefs",
        "outputSetRefs",
        "dataOutputRefs",
        "optionalOutputRefs",
        "whileExecutingOutputRefs",
        "inputSetRefs",
        "inMessageRef",
        "outMessageRef",
        "errorRef",
        "operationRef",
    ]
)
MORE_BOOLEANS = frozenset(
    {"testBefore", "cancelRemainingInstances", "isCollection", "asyncBefore", "asyncAfter", "exclusive", "local"}
)


def extended(rules: Mapping[str, Rule], more: tuple[Mapping[str, Rule], ...]) -> dict[str, Rule]:
    """`rules` with what each table of `more` adds to them."""
    joined = dict(rules)
    for table in more:
        for name, extra in table.items():
            base = joined.get(name, Rule())
            joined[name] = Rule(
                base.attributes | extra.attributes,
                {key: values for key, values in {**extra.constants, **base.constants}.items() if key not in extra.attributes},
                base.camunda | extra.camunda,
                base.children | extra.children,
                base.extensions | extra.extensions,
            )
    return joined
