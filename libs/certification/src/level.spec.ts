import { levelReached } from './level.js';
import type { CaseResult } from './report.js';

type Judged = Pick<CaseResult, 'level' | 'verdict' | 'notDeclared'>;
const passed = (level: Judged['level']): Judged => ({ level, verdict: 'pass' });
const failed = (level: Judged['level']): Judged => ({ level, verdict: 'fail' });
const undeclared = (level: Judged['level']): Judged => ({ level, verdict: 'skipped', notDeclared: true });
const skipped = (level: Judged['level']): Judged => ({ level, verdict: 'skipped' });

test.each<[string, Judged[], ReturnType<typeof levelReached>]>([
  ['nothing', [], null],
  ['a failure at level 1', [passed('L1'), failed('L1'), passed('L2')], null],
  ['level 1 alone', [passed('L1'), failed('L2')], 'L1'],
  ['level 2, with something that is not declared', [passed('L1'), passed('L2'), undeclared('L2')], 'L2'],
  ['everything', [passed('L1'), passed('L2'), passed('L3')], 'L3'],
  ['a level of which everything was skipped', [passed('L1'), passed('L2'), undeclared('L3')], 'L2'],
  ['a required case that was skipped', [passed('L1'), skipped('L1')], null],
  ['level 3 over a level 2 that is missing', [passed('L1'), failed('L2'), passed('L3')], 'L1'],
  ['a case that is still running', [passed('L1'), { level: 'L1', verdict: 'running' }], null],
])('%s', (_, cases, level) => expect(levelReached(cases)).toBe(level));
