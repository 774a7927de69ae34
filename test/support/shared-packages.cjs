'use strict';
/**
 * The module loader of jest (`runtime` in jest.config.js), with packages that Node loads once per worker. Jest would
 * resolve, compile and evaluate the thousand modules of the packages again for each test file, which was a quarter of the
 * CPU time of a run (docs/decisions/0020). Our own modules are still loaded anew for each file.
 *
 * COMPAT(jest-runtime, 30.5): uses the private fields `_resolution`, `coreModule`, `esmLoader` and `executor`.
 */
const Module = require('node:module');
const path = require('node:path');
const util = require('node:util');
const vm = require('node:vm');
const JestRuntime = require('jest-runtime').default;

const root = path.join(__dirname, '..', '..');
const requireOfNode = Module.createRequire(path.join(root, 'package.json'));

/**
 * Packages whose state each file needs for itself, or whose exports jest reads in a way of its own; and jest's packages. Koishi
 * changes classes of Satori and Cordis.
 */
const PER_FILE =
  /^(?:@jest\/globals|jest|piscina|prom-client|@satorijs\/[a-z-]+|@cordisjs\/[a-z-]+|koishi(?:-plugin-[a-z-]+)?)(?:$|\/)/;

/** The packages of package.json. What a package needs itself may be there in another version for another package. */
const { dependencies, devDependencies } = requireOfNode('./package.json');
const DIRECT = new Set(Object.keys({ ...dependencies, ...devDependencies }));

const packages = new Map();

/** @returns undefined for a package that jest has to load: one that is missing, or an ES module with a function as default */
function load(name) {
  try {
    const loaded = requireOfNode(name);
    return util.types.isModuleNamespaceObject(loaded) && typeof loaded.default === 'function'
      ? undefined
      : loaded;
  } catch {
    return undefined;
  }
}

function sharedPackage(specifier) {
  const name = specifier.replace(/^node:/, '');
  const [, packageName = ''] = /^((?:@[^/]+\/)?[^/]+)/.exec(name) ?? [];
  if (!DIRECT.has(packageName) || PER_FILE.test(name)) return undefined;
  if (!packages.has(name)) packages.set(name, load(name));
  return packages.get(name);
}

module.exports = class RuntimeWithSharedPackages extends JestRuntime {
  constructor(...given) {
    super(...given);
    const { _resolution: resolution, coreModule, esmLoader, executor } = this;
    // Jest takes modules of Node's core from outside. Shared packages go the same way.
    const isCoreModule = resolution.isCoreModule.bind(resolution);
    const requireCore = coreModule.require.bind(coreModule);
    const resolveEsmAsync = resolution.resolveEsmAsync.bind(resolution);
    resolution.isCoreModule = (name) => isCoreModule(name) || sharedPackage(name) !== undefined;
    coreModule.require = (name) => (isCoreModule(name) ? requireCore(name) : sharedPackage(name));
    resolution.resolveEsmAsync = async (from, name) =>
      sharedPackage(name) === undefined ? resolveEsmAsync(from, name) : name;
    // Without a context of its own, a module runs in that of the worker (main-context.mjs).
    esmLoader.getContext = () => undefined;
    executor.compile = (source, filename) =>
      vm.compileFunction(source, executor.injectedModuleParameters, {
        filename,
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
  }
};
