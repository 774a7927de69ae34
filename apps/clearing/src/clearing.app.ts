/** Clearing as one app: detail records, business days, requests on the bus, and health over HTTP. */
import { BusRequests } from '#bus-transport';
import { startHubApp, type HubApp, type HubProcess } from '#hub-process';
import type { ClearingSettings } from './clearing.config.js';
import { ClearingModule } from './clearing.module.js';

export function startClearing(process: HubProcess<ClearingSettings>): Promise<HubApp> {
  return startHubApp(ClearingModule.on(process), process, (link) => new BusRequests(link));
}
