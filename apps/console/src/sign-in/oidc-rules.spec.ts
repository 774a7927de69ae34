/** The provider never gives a role that the person does not have. */
import { ROLES, type Role } from '#database';
import { roleByClaim } from './oidc-rules.js';

const CLAIM = 'groups';

test.each<[has: Role[], says: unknown, gets: Role | undefined]>([
  [['admin'], ['admin'], 'admin'],
  [['admin'], 'admin', 'admin'],
  [['admin'], ['auditor'], 'auditor'],
  [['auditor'], ['admin'], undefined],
  [['auditor'], ['admin', 'auditor'], 'auditor'],
  [['operator'], ['admin', 'auditor'], undefined],
  [['operator'], ['operator'], 'operator'],
  [['admin'], undefined, undefined],
  [['admin'], [], undefined],
  [['admin'], { admin: true }, undefined],
  [['admin'], [['admin']], undefined],
])('who has %j and whose claim is %j becomes %s', (has, says, gets) => {
  expect(roleByClaim(has, says === undefined ? {} : { [CLAIM]: says }, CLAIM)).toBe(gets);
});

test('without a claim in the settings, the roles here alone count', () => {
  for (const role of ROLES) expect(roleByClaim([role], { [CLAIM]: ['admin'] }, undefined)).toBe(role);
});
