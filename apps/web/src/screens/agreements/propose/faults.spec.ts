import { ApiProblem } from '../../../api/problem';
import { placedFaults, sameNames } from './faults';

const place = sameNames(['validTo', 'validFrom', 'classes', 'limits', 'reason']);
const invalid = (...fields: string[]) =>
  new ApiProblem(
    'invalid',
    400,
    '',
    'several',
    fields.map((field) => ({ field, rule: 'wrong' })),
  );

describe('faults of a proposal', () => {
  it.each([
    ['change.terms.validTo', ['validTo']],
    ['terms.limits.perSecond', ['limits', 'perSecond']],
    ['terms.classes.0', ['classes']],
    ['reason', ['reason']],
  ])('%s stands at the field %j', (field, name) => {
    expect(placedFaults(invalid(field), place)).toEqual({
      placed: [{ name, errors: ['wrong'] }],
      all: true,
    });
  });

  it('a conflict stands at the field that its detail names', () => {
    const conflict = new ApiProblem('conflict', 409, '', 'validFrom: another agreement is in force', []);
    expect(placedFaults(conflict, place)).toEqual({
      placed: [{ name: ['validFrom'], errors: ['another agreement is in force'] }],
      all: true,
    });
  });

  it('what has no field of its own is left for the whole form', () => {
    expect(placedFaults(invalid('terms.validTo', 'terms.version'), place)).toMatchObject({ all: false });
    expect(placedFaults(new ApiProblem('invalid', 400, '', 'nobody is not registered'), place)).toEqual({
      placed: [],
      all: false,
    });
    expect(placedFaults(new Error('offline'), place)).toEqual({ placed: [], all: false });
  });
});
