/** Changes of a recorded input: a field that is missing, or has a value that no document names. No reader may rely on the shape of what a platform sends. */
import fc from 'fast-check';

export interface Mutation {
  /** Which of the objects inside to enter, level by level. */
  path: number[];
  field: number;
  /** undefined: the field is missing. */
  value: unknown;
}

const ODD = fc.oneof(
  fc.constantFrom<unknown>(null, '', '0', -1, 1e300, true, [], {}, 'text', '\ud800', 'x'.repeat(6000), [
    { type: 'bold', offset: 1, length: 1e9 },
  ]),
  fc.jsonValue({ maxDepth: 1 }),
);

/** Up to four changes of one input. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    path: fc.array(fc.nat(), { maxLength: 2 }),
    field: fc.nat(),
    value: fc.option(ODD, { nil: undefined }),
  }),
  { maxLength: 4 },
);

/** @returns a changed copy */
export function mutated<Input extends object>(input: Input, changes: readonly Mutation[]): Input {
  const copy = structuredClone(input);
  for (const { path, field, value } of changes) {
    const changed = path.reduce(inside, copy as Record<string, unknown>);
    const names = Object.keys(changed);
    const name = names[field % Math.max(names.length, 1)] ?? 'text';
    if (value === undefined) delete changed[name];
    else changed[name] = structuredClone(value);
  }
  return copy;
}

function inside(object: Record<string, unknown>, choice: number): Record<string, unknown> {
  const objects = Object.values(object).filter((value) => typeof value === 'object' && value !== null);
  return (objects[choice % Math.max(objects.length, 1)] as Record<string, unknown> | undefined) ?? object;
}
