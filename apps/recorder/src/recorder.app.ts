/** The recorder as one app: the trace, the deletion of attachments, and health over HTTP. */
import { startHubApp, type HubApp, type HubProcess } from '#hub-process';
import type { RecorderSettings } from './recorder.config.js';
import { RecorderModule } from './recorder.module.js';

export function startRecorder(process: HubProcess<RecorderSettings>): Promise<HubApp> {
  return startHubApp(RecorderModule.on(process), process);
}
