/*
 * Runs the scripts of diagrams, all in one realm that none of them can change: every object that a script can reach is frozen before
 * the first one runs, and what could outlive a script (promises, timers, weak references), tell the time of the machine, roll dice or
 * take memory outside the heap is taken away. So no script sees anything of another, and the same input gives the same answer.
 *
 * One global, `sandbox`: `run(source, variables, now, wanted)` takes the variables as JSON and the moment in milliseconds, and returns
 * JSON: `{value, written}` (the value only if it is wanted), `{error: [code, message]}` for a BPMN error, or `{failed: message}`.
 */
import { LONGEST } from './limits.js';
import { MEASURE, measured } from './measured.js';

const realm = globalThis;
const evaluate = realm.eval;
const NativeDate = Date;
const NativeArray = Array;
const NativeRegExp = RegExp;
const NativeProxy = Proxy;
const { parse, stringify } = JSON;
const { create, defineProperty, entries, freeze, getOwnPropertyDescriptors, getPrototypeOf, prototype: ofObject } = Object;
const { apply, construct, has: inObject, ownKeys } = Reflect;
const KEPT = new Set([
  ...['Array', 'Boolean', 'Date', 'Error', 'EvalError', 'Infinity', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Reflect'],
  ...['RangeError', 'ReferenceError', 'RegExp', 'Set', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'isFinite'],
  ...['isNaN', 'parseFloat', 'parseInt', 'undefined', 'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent'],
]);
const HIDDEN = new Set(['eval', 'sandbox', 'globalThis']);
const LARGEST_ARRAY = 250_000;
const MOST_ARGUMENTS = 50_000;
const LONGEST_PATTERN = 10_000;
let moment = 0;

class BpmnError {
  constructor(code, message = '') {
    this.code = String(code);
    this.message = String(message);
  }
}

/** The clock is the instance's. */
function StandingDate(...args) {
  if (new.target === undefined) {
    return new NativeDate(moment).toString();
  }
  return construct(NativeDate, args.length ? args : [moment], new.target);
}
StandingDate.prototype = NativeDate.prototype;
StandingDate.UTC = NativeDate.UTC;
StandingDate.parse = NativeDate.parse;
StandingDate.now = () => moment;

/** One huge allocation is not seen by the memory limit before it is made. */
function BoundedArray(...args) {
  if (args.length === 1 && typeof args[0] === 'number' && args[0] > LARGEST_ARRAY) {
    throw new RangeError('a list became too long');
  }
  return construct(NativeArray, args, new.target ?? BoundedArray);
}
BoundedArray.prototype = NativeArray.prototype;
BoundedArray.isArray = NativeArray.isArray;
BoundedArray.of = NativeArray.of;
BoundedArray.from = (items, ...rest) => {
  if (Number(items?.length) > LARGEST_ARRAY) {
    tooLong();
  }
  const given = items?.[Symbol.iterator] === undefined ? items : measure.each(items);
  return apply(NativeArray.from, BoundedArray, [given, ...rest]);
};

function tooLong() {
  throw new RangeError('a list became too long');
}

/** A pattern is compiled at one go. */
function BoundedRegExp(pattern = '(?:)', flags = undefined) {
  if (new.target === undefined && pattern instanceof NativeRegExp && flags === undefined) {
    return pattern;
  }
  const source = String(pattern instanceof NativeRegExp ? pattern.source : pattern); // read once, as it may be told differently later
  if (source.length > LONGEST_PATTERN) {
    throw new RangeError('a pattern became too long');
  }
  return construct(NativeRegExp, [source, flags ?? (pattern instanceof NativeRegExp ? pattern.flags : '')], new.target ?? BoundedRegExp);
}
BoundedRegExp.prototype = NativeRegExp.prototype;

/** What the names in `lists` make of a list, measured before or while it is made. */
const lists = {
  __proto__: null,
  concat: (list, parts) => {
    let total = list.length;
    for (const part of parts) {
      total += NativeArray.isArray(part) ? part.length : 1;
    }
    return total;
  },
};
for (const name of ['sort', 'toSorted', 'indexOf', 'lastIndexOf', 'includes']) {
  // Comparing texts is one native loop: as much of it as there are characters.
  lists[name] = (list) => {
    let total = 0;
    for (const one of list) {
      total += typeof one === 'string' ? one.length : 1;
    }
    return total > 2 * LONGEST ? Infinity : 0;
  };
}
const spread = {
  __proto__: null,
  flat(depth = 1) {
    return flattened(this, Number(depth) || 0, []);
  },
  flatMap(change, self) {
    return flattened(apply(NativeArray.prototype.map, this, [change, self]), 1, []);
  },
};

function flattened(list, depth, into) {
  for (let index = 0; index < list.length; index += 1) {
    if (!(index in list)) {
      continue;
    }
    if (depth > 0 && NativeArray.isArray(list[index])) {
      flattened(list[index], depth - 1, into);
    } else if (into.push(list[index]) > LARGEST_ARRAY) {
      tooLong();
    }
  }
  return into;
}

/** A native loop over a huge list is stopped by neither limit, so it is not begun. */
function boundLists() {
  delete NativeArray.prototype.toLocaleString;
  for (const name of Object.getOwnPropertyNames(NativeArray.prototype)) {
    const native = spread[name] ?? NativeArray.prototype[name];
    const measure = lists[name] ?? (() => 0);
    if (typeof native !== 'function' || name === 'constructor') {
      continue;
    }
    const bounded = function (...args) {
      if (!NativeArray.isArray(this)) {
        throw new TypeError(`${name} works on lists only`);
      }
      if (this.length > LARGEST_ARRAY || measure(this, args) > LARGEST_ARRAY) {
        tooLong();
      }
      return apply(native, this, args);
    };
    replaced(NativeArray.prototype, name, bounded);
  }
}

/** Functions that make something for each place of what they are given: of text and of lists only as much as of a list. */
function boundCollecting() {
  const names = ['assign', 'entries', 'fromEntries', 'getOwnPropertyDescriptors', 'getOwnPropertyNames', 'groupBy', 'keys', 'values'];
  const holders = [...names.map((name) => [Object, name]), [Reflect, 'ownKeys'], [Map, 'groupBy']];
  for (const [holder, name] of holders) {
    const native = holder[name];
    replaced(holder, name, (...args) => {
      for (const one of args) {
        if (one !== null && one !== undefined && Number(one.length) > LARGEST_ARRAY) {
          tooLong();
        }
      }
      return apply(native, holder, args);
    });
  }
  for (const [holder, name, place] of [[Reflect, 'apply', 2], [Reflect, 'construct', 1], [Function.prototype, 'apply', 1]]) {
    const native = holder[name];
    replaced(holder, name, function (...args) {
      if (Number(args[place]?.length) > MOST_ARGUMENTS) {
        throw new RangeError('a function was given too much');
      }
      return apply(native, this, args);
    });
  }
}

/** What became of a sum, a template or a list: itself, unless it is too long. */
function measure(value) {
  if (typeof value === 'string' && value.length > LONGEST) {
    throw new RangeError('a text became too long');
  }
  if (NativeArray.isArray(value) && value.length > LARGEST_ARRAY) {
    tooLong();
  }
  return value;
}

/** What an iteration gives, as a list: it is gone through here, where it can be stopped. */
measure.each = (items) => {
  if (typeof items === 'string' || NativeArray.isArray(items)) {
    return measure(items);
  }
  const found = [];
  for (const one of items) {
    if (found.push(one) > LARGEST_ARRAY) {
      tooLong();
    }
  }
  return found;
};

function unavailable(name) {
  return () => {
    throw new TypeError(`${name} is not available to scripts`);
  };
}

function replaced(holder, name, value) {
  defineProperty(holder, name, { value, configurable: true, writable: true, enumerable: false });
}

function cutDown() {
  boundLists();
  boundCollecting();
  const functions = [function () {}, function* () {}, async function () {}, async function* () {}];
  for (const each of functions) {
    replaced(getPrototypeOf(each), 'constructor', unavailable('Function')); // no source text is ever compiled by a script
  }
  replaced(NativeDate.prototype, 'constructor', StandingDate);
  replaced(NativeArray.prototype, 'constructor', BoundedArray);
  replaced(NativeRegExp.prototype, 'constructor', BoundedRegExp);
  for (const name of ['then', 'catch', 'finally', 'constructor']) {
    replaced(Promise.prototype, name, unavailable('Promise'));
  }
  replaced(JSON, 'stringify', (value, change, gap) => {
    const text = plain(value, 'the text', true);
    if (gap && text.length > LONGEST / 100) {
      throw new RangeError('the text is too large to be indented');
    }
    return stringify(value, change, gap);
  });
  replaced(JSON, 'parse', (text, ...rest) => {
    if (typeof text === 'string' && text.length > LONGEST) {
      throw new RangeError('a text became too long');
    }
    return parse(text, ...rest);
  });
  replaced(String, 'raw', ({ raw }, ...values) => {
    let text = '';
    for (let index = 0; index < raw.length; index += 1) {
      text = measure(text + raw[index] + (index < raw.length - 1 && index < values.length ? String(values[index]) : ''));
    }
    return text;
  });
  replaced(Math, 'random', unavailable('Math.random'));
  delete ofObject.__proto__;
  delete ofObject.__defineGetter__;
  delete ofObject.__defineSetter__;
  delete RegExp.prototype.compile;
  for (const name of ownKeys(RegExp)) {
    if (typeof name === 'string' && !['prototype', 'length', 'name', 'escape'].includes(name)) {
      Reflect.deleteProperty(RegExp, name); // $1, input and their like hold what the last script matched
    }
  }
  delete NativeArray.fromAsync;
  delete Error.captureStackTrace;
  delete Error.stackTraceLimit;
  for (const name of ownKeys(realm)) {
    if (typeof name === 'string' && !KEPT.has(name) && name !== 'sandbox' && !Reflect.deleteProperty(realm, name)) {
      realm[name] = undefined; // what V8's host declared can be emptied, not removed
    }
  }
  replaced(realm, 'Date', StandingDate);
  replaced(realm, 'Array', BoundedArray);
  replaced(realm, 'RegExp', BoundedRegExp);
}

/** Freezes everything that can be reached from `roots`, without recursion. */
function freezeAll(roots) {
  const seen = new Set();
  const todo = [...roots];
  while (todo.length) {
    const one = todo.pop();
    if ((typeof one !== 'object' && typeof one !== 'function') || one === null || seen.has(one)) {
      continue;
    }
    seen.add(one);
    const described = getOwnPropertyDescriptors(one);
    for (const key of ownKeys(described)) {
      const { value, get, set } = described[key];
      todo.push(value, get, set);
    }
    todo.push(getPrototypeOf(one));
    freeze(one);
  }
}

function hidden() {
  const iterators = [[][Symbol.iterator](), ''[Symbol.iterator](), new Map().entries(), new Set().values(), 'x'.matchAll(/x/g)];
  iterators.push(Iterator.from({ next() {} }), [].values().map((one) => one));
  const functions = [function () {}, function* () {}, async function () {}, async function* () {}];
  return [...iterators, ...functions, (function* () {})(), (async function* () {})(), Promise.prototype, BpmnError];
}

/** A variable's value as JSON; what JSON would drop without a word fails instead, unless only the size matters. */
function plain(value, what, anything = false) {
  let room = LONGEST;
  const text = stringify(value, (key, entry) => {
    if (typeof entry === 'string') {
      room -= entry.length;
    }
    room -= 1;
    if (room < 0) {
      throw new RangeError(`${what} is too large`);
    }
    if (anything) {
      return entry;
    }
    if (typeof entry === 'function' || typeof entry === 'symbol' || typeof entry === 'bigint') {
      throw new TypeError(`${what} holds a ${typeof entry}, which is no value that a process can keep`);
    }
    if (typeof entry === 'number' && (entry !== entry || entry === Infinity || entry === -Infinity)) {
      throw new TypeError(`${what} holds ${entry}, which is no number that a process can keep`);
    }
    if (entry instanceof Map || entry instanceof Set) {
      throw new TypeError(`${what} holds a ${entry instanceof Map ? 'Map' : 'Set'}: make it an object or an array`);
    }
    return entry;
  });
  return text ?? 'null';
}

const ASSIGNED = /([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?!=)|(?:\+\+|--)\s*([\p{L}_$][\p{L}\p{N}_$]*)/gu;
const ASYNC = /(?<![\p{L}\p{N}_$.])(?:async|await|import)(?![\p{L}\p{N}_$])/u;
const sources = new Map();

/** What is known of a source: how it is run, and the names that it assigns without declaring them, which stay its own. */
function known(source) {
  let found = sources.get(source);
  if (found === undefined) {
    if (source.match(ASYNC) !== null) {
      throw new SyntaxError('a script runs from start to end: async, await and import are not available');
    }
    const assigned = new Set();
    for (const match of source.matchAll(ASSIGNED)) {
      assigned.add(match[1] ?? match[2]);
    }
    found = { assigned, text: measured(source) };
    if (sources.size > 1_000) {
      sources.clear();
    }
    sources.set(source, found);
  }
  return found;
}

/** The objects through which a script sees its instance, and what it wrote. */
function surroundings(variables) {
  const written = create(null);
  const execution = freeze({
    getVariable: (name) => variables[name] ?? null,
    hasVariable: (name) => inObject(variables, name),
    setVariable: (name, value) => {
      if (typeof name !== 'string' || !/^[\p{L}][\p{L}\p{N}_]*$/u.test(name)) {
        throw new TypeError(`“${name}” cannot be the name of a variable`);
      }
      variables[name] = value;
      written[name] = value;
    },
  });
  return { written, execution };
}

function scope(variables, execution, assigned) {
  const own = create(null);
  own.execution = execution;
  own.BpmnError = BpmnError;
  defineProperty(own, MEASURE, { value: measure }); // for good
  let admitted = false; // the one direct eval by which the script itself is run
  return new NativeProxy(own, {
    has: (_, name) => HIDDEN.has(name) || inObject(own, name) || inObject(variables, name) || assigned.has(name),
    get: (_, name) => {
      if (name === Symbol.unscopables) {
        return undefined;
      }
      if (name === 'eval' && !admitted) {
        admitted = true;
        return evaluate;
      }
      return inObject(own, name) ? own[name] : variables[name];
    },
    set: (_, name, value) => {
      if (HIDDEN.has(name) || name === 'execution' || name === 'BpmnError' || name === MEASURE) {
        throw new TypeError(`${name} cannot be changed`);
      }
      own[name] = value;
      return true;
    },
  });
}

let performer;

function run(source, variablesText, now, wanted) {
  moment = now;
  try {
    const seen = create(null);
    for (const [name, value] of entries(parse(variablesText))) {
      seen[name] = value;
    }
    const { assigned, text } = known(source);
    const { written, execution } = surroundings(seen);
    const value = performer(scope(seen, execution, assigned), text);
    const parts = [];
    for (const [name, one] of entries(written)) {
      parts.push(`${stringify(name)}:${plain(one, `the variable ${name}`)}`);
    }
    return `{"value":${wanted ? plain(value, 'the result') : 'null'},"written":{${parts.join()}}}`;
  } catch (error) {
    if (error instanceof BpmnError) {
      return stringify({ error: [error.code, error.message] });
    }
    const message = error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${String(error)}`;
    return stringify({ failed: message.slice(0, 500) });
  }
}

/** Fails as `run` would before its first step: a text that is no script. Nothing of it is run. */
function check(source) {
  try {
    const { text } = known(source);
    performer(scope(create(null), null, new Set()), `if (false) {\n${text}\n}`);
    return 'null';
  } catch (error) {
    return stringify(`${error.name}: ${error.message}`);
  }
}

// Sloppy, as scripts of diagrams are written, and in a function of its own, whose names are all that a script could see of this file.
performer = evaluate('(function () { with (arguments[0]) { return eval(arguments[1]); } })');

/** To be called once, before the first script. The bundle's own global has to be there by then. */
function seal() {
  const unnamed = hidden();
  cutDown();
  freezeAll([realm, ...unnamed, performer, measure, surroundings(create(null)).execution]);
}

export { check, run, seal };
