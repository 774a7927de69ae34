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

type Schema<Shape extends typeof commonSettings & z.ZodRawShape> = z.ZodObject<Shape>;
type Start<Shape extends typeof commonSettings & z.ZodRawShape> = (
  process: HubProcess<z.infer<Schema<Shape>>>,
) => Promise<RunningApp>;

/** @param name of the process in its log */
export async function runHubProcess<Shape extends typeof commonSettings & z.ZodRawShape>(
  name: string,
  schema: Schema<Shape>,
  start: Start<Shape>,
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

/** The same in a process that hosts several apps. @throws SettingsError, and what the app throws at its start */
export async function hostHubApp<Shape extends typeof commonSettings & z.ZodRawShape>(
  name: string,
  schema: Schema<Shape>,
  start: Start<Shape>,
  env: NodeJS.ProcessEnv,
  onRefusal: Refuse,
): Promise<RunningApp> {
  const settings = readSettings(schema, env);
  const log = createLog(name, (settings as { LOG_LEVEL: string }).LOG_LEVEL);
  const app = await start({ settings, log, onRefusal });
  log.info({ http: app.url }, 'started');
  return app;
}
