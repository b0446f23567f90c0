"""Scripts of diagrams, as script tasks run them: nothing of the host, nothing of another script, no endless or bottomless work."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.failures import StepFailed
from engine.bpmn.problems import DeploymentRefused
from engine.toolkit import ScriptError
from tests.engine.bpmn.diagrams import end, process, script, start
from tests.engine.bpmn.play import Play, toolkit
from tests.security.guard import bounded

GROWN = "var s = 'x'; for (var i = 0; i < 28; i++) {{ {grow} }} {look}"

# Each gives null, or fails, where it reaches nothing.
ESCAPES = {
    "the function constructor": "(function () {}).constructor('return this')()",
    "the generator constructor": "(function* () {}).constructor('yield this')().next().value",
    "the constructor of an arrow": "(() => 1).constructor('return 1')()",
    "constructor of a constructor": "''.sub.constructor.constructor('return globalThis')()",
    "Function by its name": "Function('return 1')()",
    "eval": "eval('1')",
    "indirect eval": "(0, eval)('1')",
    "the eval that ran it": "arguments.callee({}, '1')",
    "who called": "arguments.callee.caller",
    "the global object": "globalThis",
    "the global object as this": "this.constructor.constructor('return 1')()",
    "this of a function": "(function () { return this.process || this.require || this.eval || null })()",
    "window and self": "[typeof window, typeof self, typeof global].join() === 'undefined,undefined,undefined' ? null : 1",
    "the bundle": "typeof sandbox === 'undefined' ? null : sandbox",
    "process": "process.env",
    "require": "require('fs')",
    "import": "import('fs')",
    "import meta": "import.meta",
    "async": "(async function () { return 1 })()",
    "an async generator": "(async function* () {})()",
    "a promise": "new Promise(function () {})",
    "a timer": "setTimeout(function () {}, 1)",
    "web assembly": "WebAssembly.Module",
    "shared memory": "new SharedArrayBuffer(8)",
    "waiting": "Atomics.wait(new Int32Array(8), 0, 0)",
    "memory outside the heap": "new ArrayBuffer(8)",
    "typed memory": "new Uint8Array(8)",
    "weak references": "new WeakRef({})",
    "finalizers": "new FinalizationRegistry(function () {})",
    "a proxy": "new Proxy({}, {get: function () { return 1 }})",
    "dice": "Math.random()",
    "stack traces of V8": "Error.prepareStackTrace = function (e, frames) { return frames[0].getThis() }; new Error().stack.x",
    "capturing stack traces": "Error.captureStackTrace({})",
    "frames by a species": "class A extends Array { static get [Symbol.species]() { return Function } } new A('a').map(String)",
    "the measure by its name": "__measured",
    "the measure taken away": "delete arguments[0].__measured; 'a' + 'b'; __measured",
    "natives of the engine": "%DebugPrint(1)",
    "what came before by a pattern": "RegExp.$1 === undefined && RegExp.input === undefined ? null : RegExp.input",
    "prototype by its old name": "({}).__proto__ === undefined ? null : 1",
    "a getter by its old name": "({}).__defineGetter__('a', function () {})",
    "another execution": "execution = {}",
    "a variable without a name": "execution.setVariable('__proto__', {trace: 1})",
    "a variable's name that is code": "execution.setVariable('a.b', 1)",
    "the caller through an error": "try { null.x } catch (e) { e.constructor.constructor('return 1')() }",
    "a tag's strings": "(s => s.raw)`a`.constructor.constructor('return 1')()",
    "with the scope": "arguments[0].eval('1')",
}

POLLUTION = [
    "Object.prototype.trace = 1",
    "Array.prototype.trace = 1",
    "Object.defineProperty(String.prototype, 'trace', {value: 1})",
    "Object.setPrototypeOf(Array.prototype, {trace: 1})",
    "Reflect.set(Function.prototype, 'trace', 1)",
    "Object.assign(Math, {trace: 1})",
    "Array.prototype.map = function () { return ['trace'] }",
    "Object.getPrototypeOf(function* () {}).trace = 1",
    "Object.getPrototypeOf([][Symbol.iterator]()).next = function () { return {done: true} }",
    "this.trace = 1",
    "trace = 1",
    "arguments[0].trace = 1",
    "Object.defineProperty(arguments[0], 'trace', {value: 1})",
    "arguments.callee.trace = 1",
    "execution.getVariable.trace = 1",
    "BpmnError.prototype.trace = 1",
    "JSON.parse = function () { return {trace: 1} }",
    "Date.now = function () { return 0 }",
    "Symbol.for('trace').description.trace = 1",
    "RegExp.prototype.exec = function () { return ['trace'] }",
]
LOOK = (
    "[typeof trace, typeof ({}).trace, typeof [].trace, typeof ''.trace, typeof Math.trace, typeof (function () {}).trace, "
    "typeof execution.getVariable.trace, typeof new BpmnError('a').trace, [...[1]].map(String)[0], JSON.parse('2'), "
    "/b/.exec('abc')[0], Date.now() > 0, typeof arguments.callee.trace]"
)
CLEAN = ["undefined"] * 8 + ["1", 2, "b", True, "undefined"]

EXHAUSTING = {
    "endless": "for (;;) {}",
    "endless in a getter of the result": "({get a() { for (;;) {} }})",
    "endless in toJSON": "({toJSON: function () { for (;;) {} }})",
    "endless in toPrimitive": "'' + {[Symbol.toPrimitive]: function () { for (;;) {} }}",
    "endless in toString of what is thrown": "throw {toString: function () { for (;;) {} }}",
    "an endless iterator": "[...(function* () { for (;;) yield [1, 2, 3] })()]",
    "an endless map": "var m = new Map(); for (var i = 0; ; i++) m.set(i, {a: i})",
    "an endless set": "var m = new Set(); for (var i = 0; ; i++) m.add('k' + i)",
    "an endless object": "var o = {}; for (var i = 0; ; i++) o['k' + i] = [i]",
    "an endless list": "var l = []; for (;;) l[l.length] = [1, 2, 3]",
    "a list of long texts": "var l = []; for (;;) l.push('x'.repeat(1e6) + l.length)",
    "deep recursion": "(function f() { f() })()",
    "deep recursion in a result": "var o = []; for (var i = 0; i < 1e5; i++) o = [o]; o",
    "a result in a ring": "var o = {}; o.o = o; o",
    "a huge result": "Array(2e5).fill('0123456789')",
    "a huge variable": "execution.setVariable('a', Array(2e5).fill({a: '0123456789'}))",
    "text doubled and read": GROWN.format(grow="s += s;", look="s[5]"),
    "text doubled and compared": GROWN.format(grow="s = s + s;", look="s === s + 'y'"),
    "text doubled as a key": GROWN.format(grow="s = `${s}${s}`;", look="({})[s]"),
    "text doubled as a number": GROWN.format(grow="s = s.concat(s);", look="Number(s)"),
    "text doubled in a property": GROWN.format(grow="var o = {s: s}; o.s += s; s = o.s;", look="new Map([[s, 1]]).size"),
    "text doubled and written": GROWN.format(grow="s += s;", look="JSON.stringify([s])"),
    "text doubled by joining": GROWN.format(grow="s = [s, s].join('');", look="s.length"),
    "text doubled by a template's tag": GROWN.format(grow="s = String.raw`${s}${s}`;", look="s.length"),
    "text repeated": "'x'.repeat(2 ** 28).charCodeAt(1)",
    "text filled up": "'x'.padEnd(2 ** 28).charCodeAt(1)",
    "text replaced by a function": "var s = 'x'.repeat(1e6); 'a'.repeat(500).replace(/a/g, () => s).charCodeAt(1)",
    "text replaced by what was before": "'x'.repeat(20000).replace(/x/g, '$`').charCodeAt(1)",
    "text replaced by a pattern's own": "/x/g[Symbol.replace]('x'.repeat(20000), \"$'\").charCodeAt(1)",
    "lists within lists as text": "var s = 'x'.repeat(1e6); Array(500).fill([[s]]).join().charCodeAt(1)",
    "lists in other words": "var s = 'x'.repeat(1e6); Array(500).fill(s).toLocaleString().charCodeAt(1)",
    "text in its longest form": "'\\ufdfa'.repeat(2e6).normalize('NFKD').charCodeAt(1)",
    "text as a list": "Object.getOwnPropertyDescriptors('x'.repeat(2e6))",
    "text as an object": "Object.assign({}, 'x'.repeat(2e6))",
    "a huge list": "new Array(1e9).fill(0)",
    "a list from nothing": "Array.from({length: 1e9})",
    "a list of its own length": "var a = []; a.length = 4e9; a.fill(0)",
    "lists joined": "[].concat(...Array(100).fill(Array(2e5).fill(1)))",
    "lists laid flat": "Array(2e5).fill(Array(2e5).fill(1)).flat()",
    "lists spread": "var a = [1]; for (;;) a = [...a, ...a, ...a, ...a]",
    "lists of lists": "var a = []; for (;;) a.push(Array(1000).fill(1))",
    "sorting alike texts": "var s = 'x'.repeat(1e6); var l = []; for (var i = 0; i < 40; i++) l.push(s + i); l.sort()",
    "huge arguments": "Math.max.apply(null, {length: 6e7})",
    "huge arguments of a constructor": "Reflect.construct(Object, [], Object); Reflect.construct(Object, {length: 6e7})",
    "a pattern that never ends": "/(x+x+)+y/.test('x'.repeat(40))",
    "a huge pattern": "new RegExp('a|'.repeat(5e5)).test('a')",
    "a huge pattern in a search": "'a'.search('a|'.repeat(5e5))",
    "a pattern told twice": (
        "var n = 0; var source = {get: () => n++ ? 'a|'.repeat(5e5) : 'a'}; "
        "RegExp(Object.create(RegExp.prototype, {source: source, flags: {value: ''}}), 'g'); throw 1"
    ),
    "a number without bounds": "7n ** (1n << 24n)",
    "JSON that is deep": "JSON.parse('['.repeat(2e6))",
    "an indented text": "var o = []; for (var i = 0; i < 2000; i++) o = [o, 'x'.repeat(100)]; JSON.stringify(o, null, 10)",
    "errors in errors": "var e; for (;;) e = new Error('x', {cause: e})",
    "symbols": "var l = {}; for (var i = 0; ; i++) l[Symbol(i)] = i",
    "classes": "var c = class {}; for (;;) c = class extends c { a = 1 }",
}  # fmt: skip


def value_of(source: str) -> Any:
    """What a process keeps of a script task's result."""
    play = Play(process(start(), script("s", source, result="value"), end(), flows="start>s; s>end"))
    play.start({"text": "åäö"})
    return play.variables.get("value")


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    assert toolkit().script("javascript", "1 + 1", {}).value == 2


@pytest.mark.parametrize("source", ESCAPES.values(), ids=ESCAPES)
def test_nothing_of_the_host_is_reached(source: str) -> None:
    with bounded():
        try:
            value = value_of(source)
        except (StepFailed, DeploymentRefused):
            return
    assert value is None


@pytest.mark.parametrize("source", POLLUTION)
def test_nothing_is_left_for_the_next_script(source: str) -> None:
    with bounded():
        try:
            value_of(source)
        except StepFailed as failed:
            assert "the script failed" in str(failed)
    assert value_of(LOOK) == CLEAN


@pytest.mark.parametrize("source", EXHAUSTING.values(), ids=EXHAUSTING)
def test_the_host_is_not_exhausted(source: str) -> None:
    with bounded(), pytest.raises((StepFailed, DeploymentRefused)):
        value_of(source)
    assert value_of("1 + 1") == 2


@pytest.mark.parametrize("source", ["import('x')", "await 1", "1n", "__measured(1)", "[" + "...a," * 9 + "]", "eval(", "(" * 9_000])
def test_what_no_script_can_hold_is_refused_when_it_is_deployed(source: str) -> None:
    with bounded(), pytest.raises(ScriptError):
        toolkit().check_script("javascript", source)
