/*
 * V8's own memory limit is looked at between allocations; a single huge one, or a native routine fed a huge text, ends the whole
 * process instead. So no text beyond LONGEST characters is handed to a native routine here, nor built by one.
 */
export const LONGEST = 2_000_000;

function refuse() {
  throw new RangeError('a text became too long');
}

const { apply } = Reflect;

function guard(prototype, name, measure) {
  const native = prototype[name];
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: function (...args) {
      if (measure(this, args) > LONGEST) {
        refuse();
      }
      return apply(native, this, args);
    },
  });
}

const length = (value) => (typeof value === 'string' ? value.length : 0);
const own = (text, args) => Math.max(length(text), ...args.map(length));
const sum = (text, args) => args.reduce((total, one) => total + length(one), length(text));
const LONGEST_PATTERN = 10_000;
const KEPT = ['constructor', 'toString', 'valueOf', 'repeat', 'padStart', 'padEnd', 'replace', 'replaceAll', 'concat', 'normalize'];

for (const name of Object.getOwnPropertyNames(String.prototype)) {
  if (typeof String.prototype[name] === 'function' && !KEPT.includes(name)) {
    guard(String.prototype, name, own);
  }
}
for (const name of ['match', 'matchAll', 'search']) {
  guard(String.prototype, name, (text, [pattern]) => (length(pattern) > LONGEST_PATTERN ? Infinity : 0)); // it is compiled
}
guard(String.prototype, 'repeat', (text, [count]) => length(text) * Number(count ?? 0));
guard(String.prototype, 'concat', sum);
guard(String.prototype, 'normalize', (text) => 18 * length(text)); // the most that Unicode makes of one character
for (const name of ['padStart', 'padEnd']) {
  guard(String.prototype, name, (text, [size]) => Number(size ?? 0));
}
guard(RegExp.prototype, 'exec', (pattern, args) => own('', args));
guard(RegExp.prototype, 'test', (pattern, args) => own('', args));

/** What a replacement text with $ in it stands for at one match (ECMA-262, GetSubstitution). */
function substituted(template, match, groups, position, text, named) {
  return template.replace(/\$(?:([$&`'])|(\d\d?)|<([^>]*)>)/g, (whole, sign, digits, name) => {
    if (sign !== undefined) {
      return { $: '$', '&': match, '`': text.slice(0, position), "'": text.slice(position + match.length) }[sign];
    }
    if (digits !== undefined) {
      const number = Number(digits) <= groups.length ? digits : digits[0];
      const known = Number(number) > 0 && Number(number) <= groups.length;
      return known ? (groups[Number(number) - 1] ?? '') + digits.slice(number.length) : whole;
    }
    return named === undefined ? whole : String(named[name] ?? '');
  });
}

/** Replacing one character by a long text, or by all that stands before it, grows without measure: each step is measured. */
function guardReplacing(prototype, name, textOf) {
  const native = prototype[name];
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: function (first, replacement, ...rest) {
      const text = textOf(this, first);
      if (length(text) > LONGEST) {
        refuse();
      }
      const fixed = typeof replacement === 'function' ? null : String(replacement);
      if (fixed !== null && !fixed.includes('$') && Math.max(1, length(text) + 1) * fixed.length <= LONGEST) {
        return apply(native, this, [first, fixed]);
      }
      let total = length(text);
      const measured = (match, ...args) => {
        const named = typeof args.at(-1) === 'object' ? args.at(-1) : undefined;
        const [position, whole] = args.slice(named === undefined ? -2 : -3);
        const groups = args.slice(0, named === undefined ? -2 : -3);
        const made = fixed === null ? String(replacement(match, ...args)) : substituted(fixed, match, groups, position, whole, named);
        total += made.length;
        return total > LONGEST ? refuse() : made;
      };
      return apply(native, this, [first, measured, ...rest]);
    },
  });
}

guardReplacing(RegExp.prototype, Symbol.replace, (pattern, text) => text);
for (const name of ['replace', 'replaceAll']) {
  guardReplacing(String.prototype, name, (text) => text);
}

/** What is joined may be made by the texts of lists within the list, so it is measured as it grows. */
const joining = new Set();
Object.defineProperty(Array.prototype, 'join', {
  configurable: true,
  writable: true,
  value: function join(separator = ',') {
    if (joining.has(this)) {
      return '';
    }
    joining.add(this);
    try {
      const between = String(separator);
      let text = '';
      for (let index = 0; index < this.length; index += 1) {
        text += (index ? between : '') + (this[index] === null || this[index] === undefined ? '' : String(this[index]));
        if (text.length > LONGEST) {
          refuse();
        }
      }
      return text;
    } finally {
      joining.delete(this);
    }
  },
});
