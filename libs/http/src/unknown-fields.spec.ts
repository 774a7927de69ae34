import { z } from 'zod';
import { unknownFields } from './unknown-fields.js';

const Point = z.object({ x: z.number(), y: z.number() });
const Shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('circle'), at: Point }),
  z.object({ kind: z.literal('line'), from: Point, to: Point }),
]);

test.each<[string, z.ZodType, unknown, string[]]>([
  ['nothing', Point, { x: 1, y: 2 }, []],
  ['a field', Point, { x: 1, y: 2, z: 3 }, ['z']],
  ['a field of a refined object', Point.refine(({ x, y }) => x < y), { x: 1, y: 2, z: 3 }, ['z']],
  ['a field of a wrong object', Point, { x: 'one', z: 3 }, ['z']],
  [
    'a field whose name every object has',
    Point,
    { x: 1, y: 2, toString: 3, constructor: 4 },
    ['toString', 'constructor'],
  ],
  [
    'in a list',
    z.array(Point),
    [
      { x: 1, y: 1 },
      { x: 1, y: 1, z: 1 },
    ],
    ['1.z'],
  ],
  [
    'in a tuple',
    z.tuple([Point, Point]),
    [
      { x: 1, y: 1 },
      { x: 1, y: 1, z: 1 },
    ],
    ['1.z'],
  ],
  ['in a record', z.record(z.string(), Point), { home: { x: 1, y: 1, z: 1 } }, ['home.z']],
  ['of a record', z.record(z.string(), z.number()), { any: 1 }, []],
  [
    'inside optional, nullable, default',
    z.object({ at: Point.nullable().optional().default(null) }),
    { at: { x: 1, y: 1, z: 1 } },
    ['at.z'],
  ],
  ['before a transformation', Point.transform(({ x }) => x), { x: 1, y: 1, z: 1 }, ['z']],
  ['after a preparation', z.preprocess((value) => value, Point), { x: 1, y: 1, z: 1 }, ['z']],
  ['in a lazy schema', z.lazy(() => Point), { x: 1, y: 1, z: 1 }, ['z']],
  ['in the option that fits', Shape, { kind: 'circle', at: { x: 1, y: 1, z: 1 }, to: 1 }, ['at.z', 'to']],
  [
    'of one option in another',
    Shape,
    { kind: 'line', from: { x: 1, y: 1 }, to: { x: 1, y: 1 }, at: 1 },
    ['at'],
  ],
  [
    'in an intersection',
    z.intersection(Point, z.object({ z: z.number() })),
    { x: 1, y: 1, z: 1, w: 1 },
    ['w'],
  ],
  ['of a strict object', z.strictObject({ a: z.number() }), { a: 1, b: 1 }, ['b']],
  ['of a loose object', z.looseObject({ a: z.number() }), { a: 1, b: 1 }, []],
])('%s', (_, schema, value, expected) =>
  expect(unknownFields(schema, value).map((path) => path.join('.'))).toEqual(expected),
);
