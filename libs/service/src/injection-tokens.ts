/** Names under which an application provides what is no class. */
export const SETTINGS = Symbol('settings');
export const LOG = Symbol('log');
