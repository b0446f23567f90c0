/*
 * V8's own memory limit is looked at between allocations; a single huge one, or a native routine fed a huge text, ends the whole
 * process instead. So no text beyond LONGEST characters is handed to a native routine here, nor built by one.
 */
export const LONGEST = 4_000_000;

function refuse() {
  throw new RangeError('a text became too long');
}

function guard(prototype, name, measure) {
  const native = prototype[name];
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: function (...args) {
      if (measure(this, args) > LONGEST) {
        refuse();
      }
      return Reflect.apply(native, this, args);
    },
  });
}

const length = (value) => (typeof value === 'string' ? value.length : 0);
const own = (text, args) => Math.max(length(text), ...args.map(length));
const KEPT = ['constructor', 'toString', 'valueOf', 'repeat', 'padStart', 'padEnd', 'replace', 'replaceAll'];

for (const name of Object.getOwnPropertyNames(String.prototype)) {
  if (typeof String.prototype[name] === 'function' && !KEPT.includes(name)) {
    guard(String.prototype, name, own);
  }
}
// The most that these can make of it: every character replaced by the longest replacement.
for (const name of ['replace', 'replaceAll']) {
  guard(String.prototype, name, (text, args) => length(text) * Math.max(1, length(args[1])));
}
guard(String.prototype, 'repeat', (text, [count]) => length(text) * Number(count ?? 0));
for (const name of ['padStart', 'padEnd']) {
  guard(String.prototype, name, (text, [size]) => Number(size ?? 0));
}
guard(RegExp.prototype, 'exec', (pattern, args) => own('', args));
guard(RegExp.prototype, 'test', (pattern, args) => own('', args));
guard(Array.prototype, 'join', (list, [separator = ',']) => {
  let total = 0;
  for (let index = 0; index < list.length && total <= LONGEST; index += 1) {
    total += length(list[index]) + length(separator);
  }
  return total;
});
