/** `main` of every process of the hub: settings, log, metrics, start, and an orderly stop. */
import type { z } from 'zod';
import {
  collectProcessMetrics,
  createLog,
  readSettings,
  runProcess,
  type commonSettings,
  type Log,
  type Refuse,
} from '#service';

/** What `main` gives the application. */
export interface HubProcess<Settings> {
  settings: Settings;
  log: Log;
  /** Called when the bus refuses this process for good. */
  onRefusal: Refuse;
}

export interface RunningApp {
  url: string;
  close(): Promise<void>;
}

/** @param name of the process in its log */
export async function runHubProcess<Shape extends typeof commonSettings & z.ZodRawShape>(
  name: string,
  schema: z.ZodObject<Shape>,
  start: (process: HubProcess<z.infer<z.ZodObject<Shape>>>) => Promise<RunningApp>,
): Promise<void> {
  let log = createLog(name, 'info');
  await runProcess(
    () => log,
    async (onRefusal) => {
      const settings = readSettings(schema);
      log = createLog(name, (settings as { LOG_LEVEL: string }).LOG_LEVEL);
      collectProcessMetrics();
      const app = await start({ settings, log, onRefusal });
      log.info({ http: app.url }, 'started');
      return () => app.close();
    },
  );
}
