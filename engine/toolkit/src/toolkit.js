/*
 * What the server's own V8 offers to Python. One global, `toolkit`, whose functions take JSON text and return JSON text,
 * so that nothing but data crosses the border in either direction. An answer is `{ok: …}` or `{error: …, …where}`.
 */
import { LONGEST } from './limits.js';
import { FeelDate, FeelDateTime, FeelDuration, FeelTime, evaluate, parseDate, parseDateTime, parseTime, unaryTest } from 'feelin';
import { Temporal } from 'temporal-polyfill';

/** Values of these column types arrive as text and are compared as what they name. */
const READERS = { date: parseDate, time: parseTime, dateTime: parseDateTime };

let moment = null;
let zone = 'UTC';

// now() and today() must follow the clock that Python hands in, never the machine's: simulated years depend on it.
Temporal.Now.zonedDateTimeISO = () => Temporal.Instant.from(moment).toZonedDateTimeISO(zone);
Temporal.Now.plainDateISO = () => Temporal.Now.zonedDateTimeISO().toPlainDate();

/** A function's name that is wrong would otherwise become null without a word. */
function checked({ value, warnings }) {
  const unknown = warnings.find((warning) => warning.type === 'NO_FUNCTION_FOUND');
  if (unknown) {
    throw new Error(unknown.message);
  }
  return value;
}

/** Plain JSON of a FEEL value: dates, times and durations become ISO text. `room` counts down what the answer may hold. */
function plain(value, room = { left: LONGEST }) {
  room.left -= 1 + (typeof value === 'string' ? value.length : 0);
  if (room.left < 0) {
    throw new RangeError('the result is too large');
  }
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      throw new Error('the result is not a finite number');
    }
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((entry) => plain(entry, room));
  }
  if (value instanceof FeelDateTime && value.zone?.includes('/')) {
    return value.unwrap().toZonedDateTime(value.zone).toString({ timeZoneName: 'never' }); // `@Europe/Stockholm` is FEEL, not ISO
  }
  if ([FeelDate, FeelDateTime, FeelDuration, FeelTime].some((type) => value instanceof type)) {
    return value.toJSON();
  }
  if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry, room)]));
  }
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, entry]) => [key, plain(entry, room)]));
  }
  throw new Error('the result is a function or a range, not a value');
}

function typed(value, type) {
  const read = READERS[type];
  if (!read || value === null) {
    return value;
  }
  const result = typeof value === 'string' ? read(value) : null;
  if (result === null) {
    throw new Error(`${JSON.stringify(value)} is not a ${type}`);
  }
  return result;
}

function holds(test, value, context) {
  return checked(unaryTest(test, { ...context, '?': value })) === true;
}

const TASKS = {
  check: ({ expression, unary }) => {
    const { warnings } = unary ? unaryTest(expression, { '?': null }) : evaluate(expression, {});
    return warnings.length;
  },

  feel: ({ expression, context }) => plain(checked(evaluate(expression, context))),

  unary: ({ test, value, type, context }) => holds(test, typed(value, type), context),

  /** The numbers of the rules all of whose tests hold; `null` stands for a test that always does. */
  rows: ({ rules, values, types, context }, where) => {
    const inputs = values.map((value, column) => {
      where.column = column;
      return typed(value, types[column]);
    });
    const matching = [];
    rules.forEach((tests, rule) => {
      where.rule = rule;
      const hit = tests.every((test, column) => {
        where.column = column;
        return test === null || holds(test, inputs[column], context);
      });
      if (hit) {
        matching.push(rule);
      }
    });
    return matching;
  },
};

/** Runs one task: `header` is JSON `{now, zone}`, `request` is JSON `{task, …its arguments}`. */
export function run(header, request) {
  ({ now: moment, zone } = JSON.parse(header));
  const { task, ...rest } = JSON.parse(request);
  const where = {};
  try {
    return JSON.stringify({ ok: TASKS[task](rest, where) });
  } catch (error) {
    return JSON.stringify({ error: String(error?.message ?? error), ...where });
  }
}
