/** All parts of an expression, itself first. */
import type { Expression } from './expression.ts';

export function partsOf(expression: Expression): Expression[] {
  const found: Expression[] = [];
  const left: Expression[] = [expression];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    found.push(part);
    left.push(...childrenOf(part));
  }
  return found;
}

function childrenOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'identifier':
      return [];
    case 'select':
      return [expression.operand];
    case 'call':
      return expression.target === undefined ? [...expression.args] : [expression.target, ...expression.args];
    case 'list':
      return expression.items.map(({ value }) => value);
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return expression.fields.map(({ value }) => value);
    case 'fold':
      return [expression.range, expression.start, expression.condition, expression.step, expression.result];
  }
}
