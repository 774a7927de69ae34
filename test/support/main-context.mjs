import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { openHandles, reportOpenHandles } from './open-handles.mjs';

/**
 * The environment of a test file: the context of its worker. In a context of its own, objects of packages that Node loaded
 * (shared-packages.cjs) would be no `instanceof Error` or `Date` of the test, and each use of a global object would pass a
 * proxy. The variables of the environment and the timers are put back after each file.
 */
export default class MainContext {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimersModern;
  #variables = { ...process.env };
  #handles = openHandles();
  #testPath;

  constructor({ projectConfig }, { testPath }) {
    this.#testPath = testPath;
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return this.global;
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    if (process.env['TEST_OPEN_HANDLES'] !== undefined)
      await reportOpenHandles(this.#testPath, this.#handles);
    this.global = null;
  }
}
