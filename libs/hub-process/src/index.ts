/** What the processes of the hub have in common: how one starts and stops, and the modules that all of them import. */
export { HubBusModule, type HubBusOptions } from './hub-bus.module.js';
export { SettingsModule } from './settings.module.js';
export { hostHubApp, runHubProcess, type HubProcess, type RunningApp } from './run-hub-process.js';
export { createHubApp, startHubApp, type HubApp } from './start-hub-app.js';
