/** Names under which the core of the console provides what is no class. */
export const SETTINGS = Symbol('settings of the console');
export const LOG = Symbol('log');
