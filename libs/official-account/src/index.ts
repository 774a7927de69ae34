export * from './callback.controller.js';
export * from './official-account.adapter.js';
export * from './profile.js';
export * from './settings.js';
