/*
 * Makes the places of a script measured at which text or lists grow without any function being called: every sum, template and
 * list with `...` in it is handed to a function of the name MEASURE, which refuses what became too long. Such a sum is only a note
 * of its parts in V8, and takes its memory when it is first looked into; measured, it never comes to that.
 */
import { parse } from 'acorn';

export const MEASURE = '__measured';
const MOST_SPREADS = 8;

function* children(node) {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      yield* value.filter((one) => typeof one?.type === 'string');
    } else if (typeof value?.type === 'string') {
      yield value;
    }
  }
}

function grows(node, parent) {
  if (node.type === 'BinaryExpression') {
    return node.operator === '+' && !(typeof node.left.value === 'number' && typeof node.right.value === 'number');
  }
  if (node.type === 'TemplateLiteral') {
    return node.expressions.length > 0 && parent.type !== 'TaggedTemplateExpression';
  }
  if (node.type === 'ArrayExpression') {
    return node.elements.some((one) => one?.type === 'SpreadElement');
  }
  return node.type === 'AssignmentExpression' && node.operator === '+=';
}

function check(node) {
  if (node.type === 'Identifier' && node.name === MEASURE) {
    throw new SyntaxError(`${MEASURE} is no name that a script can use`);
  }
  if (node.type === 'Literal' && node.bigint) {
    throw new SyntaxError('whole numbers without bounds (1n) are not available');
  }
  const parts = node.elements ?? node.arguments ?? [];
  if (parts.filter((one) => one?.type === 'SpreadElement').length > MOST_SPREADS) {
    throw new SyntaxError(`more than ${MOST_SPREADS} lists are joined at once`);
  }
}

/** The script with its measures; a SyntaxError says where it is no script. */
export function measured(source) {
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'script' });
  const marks = [];
  const todo = [[program, program]];
  while (todo.length) {
    const [node, parent] = todo.pop();
    check(node);
    if (grows(node, parent)) {
      marks.push([node.start, -node.end, ` ${MEASURE}(`], [node.end, -node.start, ')']);
    }
    if (node.type === 'SpreadElement' && parent.type !== 'ObjectExpression') {
      const { start, end } = node.argument;
      marks.push([start, -end, ` ${MEASURE}.each(`], [end, -start, ')']);
    }
    for (const child of children(node)) {
      todo.push([child, node]);
    }
  }
  // At one place: what ends before what begins, the inner end before the outer, the outer begin before the inner.
  const closing = (mark) => (mark[2] === ')' ? 0 : 1);
  marks.sort((one, other) => one[0] - other[0] || closing(one) - closing(other) || one[1] - other[1]);
  let [text, at] = ['', 0];
  for (const [place, , mark] of marks) {
    text += source.slice(at, place) + mark;
    at = place;
  }
  return text + source.slice(at);
}
