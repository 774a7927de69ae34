/** Every kind of change has a registered effect. */
import { CHANGE_KINDS, ChangeEffects, type ChangeKind, type EffectsOf } from './change-effects.js';

function effectsOf(...kinds: string[]): EffectsOf<ChangeKind> {
  const nothing = { apply: () => Promise.resolve() };
  return Object.fromEntries(kinds.map((kind) => [kind, nothing])) as unknown as EffectsOf<ChangeKind>;
}

test('with an effect for each kind the console starts', () => {
  const effects = new ChangeEffects();
  effects.register(effectsOf(...CHANGE_KINDS));
  expect(() => effects.onApplicationBootstrap()).not.toThrow();
});

test.each(CHANGE_KINDS)('without one for %s it does not, and says so', (missing) => {
  const effects = new ChangeEffects();
  effects.register(effectsOf(...CHANGE_KINDS.filter((kind) => kind !== missing)));
  expect(() => effects.onApplicationBootstrap()).toThrow(`changes that nothing carries out: ${missing}`);
});
