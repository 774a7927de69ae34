/**
 * A hook may start engines and whole systems: it has two minutes. A test has one (`testTimeout` in jest.config.js): what
 * takes longer hangs.
 */
const HOOK_TIMEOUT_MS = 120_000;

for (const name of ['beforeAll', 'afterAll']) {
  const declare = globalThis[name];
  globalThis[name] = (hook, timeoutMs = HOOK_TIMEOUT_MS) => declare(hook, timeoutMs);
}
