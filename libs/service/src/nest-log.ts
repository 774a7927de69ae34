import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Writes Nest's own log lines through our logger, so that a process has one log format. */
export function nestLog(log: Log): LoggerService {
  const line =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]) => {
      log[level]({ context: rest.at(-1) }, String(message));
    };
  return {
    log: line('debug'),
    warn: line('warn'),
    error: line('error'),
    debug: line('debug'),
    verbose: line('debug'),
    fatal: line('error'),
  };
}
