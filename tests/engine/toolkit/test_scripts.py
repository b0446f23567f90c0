"""Scripts of diagrams: what they see, what they cannot reach, and that none of them leaves a trace."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.toolkit import ScriptError, Scripts

MOMENT = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def scripts():
    made = Scripts()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("source", "variables", "value", "written"),
    [
        ("a + b", {"a": 1, "b": 2}, 3, {}),
        ("var x = a; x * 2", {"a": 2}, 4, {}),
        ("execution.setVariable('x', {n: [a]})", {"a": 1}, None, {"x": {"n": [1]}}),
        ("new Date().getTime()", {}, 1768204800000, {}),
        ("typeof nowhere", {}, "undefined", {}),
        ("'å' + ä", {"ä": "ö"}, "åö", {}),
        ("[1, [2, [3]]].join() + [[4]]", {}, "1,2,34", {}),
        ("[1, [2, [3]]].flat(Infinity).concat([1].flatMap(x => [x, [x]]))", {}, [1, 2, 3, 1, [1]], {}),
        ("'ab-c'.replace(/(b)-(?<q>c)/, '$2$$$1$<q>$&$`$\\'$9')", {}, "ac$bcb-ca$9", {}),
        ("'aXbX'.replaceAll('X', '[$&]') + 'aa'.replace(/a/g, (m, at) => at)", {}, "a[X]b[X]01", {}),
        ("var o = {s: 'x'}; o.s += 'y'; o.s += `${o.s}${1 + 1}`; o.s", {}, "xyxy2", {}),
        ("(function () { return'a'+'b' })() + String.raw`\\n${1}b`", {}, "ab\\n1b", {}),
        ("[...new Set([1, 1, 2]), ...'xy', ...Array.from(new Map([[1, 2]]))]", {}, [1, 2, "x", "y", [1, 2]], {}),
        ("({...{a: 1}, ...{b: [2]}})", {}, {"a": 1, "b": [2]}, {}),
        ("[RegExp('a', 'g').flags, new RegExp(/y/m).flags, /a/ instanceof RegExp]", {}, ["g", "m", True], {}),
    ],
)
def test_a_script_over_its_variables(scripts, source, variables, value, written):
    result = scripts.run(source, variables, MOMENT)
    assert (result.value, dict(result.written), result.error) == (value, written, None)


def test_a_bpmn_error_is_no_failure(scripts):
    assert scripts.run("throw new BpmnError('E', 'oj')", {}, MOMENT).error == ("E", "oj")


@pytest.mark.parametrize(
    "source",
    [
        "globalThis",
        "this.process",
        "this.eval",
        "this.sandbox && null",
        "this.__timer_manager",
        "arguments.callee.caller",
        "typeof Promise === 'undefined' ? null : Promise",
        "typeof setTimeout === 'undefined' ? null : setTimeout",
        "typeof WebAssembly === 'undefined' ? null : WebAssembly",
        "typeof SharedArrayBuffer === 'undefined' ? null : SharedArrayBuffer",
        "typeof WeakRef === 'undefined' ? null : WeakRef",
    ],
)
def test_what_is_not_there(scripts, source):
    assert scripts.run(source, {}, MOMENT).value is None


@pytest.mark.parametrize(
    "pollution",
    [
        "Object.prototype.trace = 1",
        "Array.prototype.trace = 1",
        "String.prototype.trace = 1",
        "Math.trace = 1",
        "this.trace = 1",
        "JSON.stringify = function () { return 'trace' }",
        "Array.prototype.map = function () { return ['trace'] }",
        "RegExp.trace = 1; /trace/.exec('trace')",
        "execution.trace = 1",
        "execution.setVariable.trace = 1",
        "BpmnError.trace = 1",
        "(function () {}).__proto__ = null; Object.getPrototypeOf(function () {}).call = null",
        "trace = 1",
        "Error.prepareStackTrace = function () { return 'trace' }",
    ],
)
def test_nothing_is_left_for_the_next_script(scripts, pollution):
    try:
        scripts.run(pollution, {}, MOMENT)
    except ScriptError as error:
        assert "the script failed" in str(error)
    look = (
        "[typeof trace, typeof ({}).trace, typeof [].trace, typeof ''.trace, typeof Math.trace, typeof RegExp.trace, "
        "typeof execution.trace, typeof execution.setVariable.trace, typeof BpmnError.trace, [1].map(String)[0], "
        "JSON.stringify(1), RegExp.$1 === undefined, typeof Error.prepareStackTrace, typeof (function () {}).call]"
    )
    expected = ["undefined"] * 9 + ["1", "1", True, "undefined", "function"]
    assert scripts.run(look, {}, MOMENT).value == expected


@pytest.mark.parametrize(
    "source",
    [
        "for (;;) {}",
        "(function f() { f(); })()",
        "'x'.repeat(1e9).length",
        "var s = 'x'; for (var i = 0; i < 40; i++) { s += s; } s.length",
        "new Array(1e9).fill(0)",
        "var a = []; a.length = 4e9; a.fill(0)",
        "Array.from({length: 1e9})",
        "var a = [1]; for (;;) { a = a.concat(a); }",
        "var a = []; for (;;) { a.push(new Array(1000).fill(1)); }",
        "/(a+)+$/.exec('a'.repeat(50) + 'b')",
        "JSON.parse('['.repeat(5e6))",
        "eval('1')",
        "(function () {}).constructor('return 1')()",
        "(function* () {}).constructor('yield 1')",
        "arguments.callee({}, '1')",
        "Math.random()",
    ],
)
def test_exhaustion_and_escape_end_in_a_failure_and_the_next_script_runs(scripts, source):
    with pytest.raises(ScriptError):
        scripts.run(source, {}, MOMENT)
    assert scripts.run("1 + 1", {}, MOMENT).value == 2


@pytest.mark.parametrize("source", ["async function f() {}", "await x", "import('x')", "var = 1", "}", "'open"])
def test_what_cannot_be_a_script_is_refused_without_running_it(scripts, source):
    with pytest.raises(ScriptError):
        scripts.check(source)


def test_checking_runs_nothing(scripts):
    scripts.check("for (;;) {}")
