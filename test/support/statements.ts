/** The statements that an application sends to PostgreSQL through TypeORM, with their parameters. */
import type { DataSource, Logger } from 'typeorm';

export interface Statement {
  sql: string;
  parameters: unknown[];
}

const nothing = () => undefined;

export class Statements {
  private sent: Statement[] = [];

  static of(database: DataSource): Statements {
    const statements = new Statements();
    const logger: Logger = {
      logQuery: (sql, parameters) =>
        statements.sent.push({ sql, parameters: (parameters ?? []) as unknown[] }),
      logQueryError: nothing,
      logQuerySlow: nothing,
      logSchemaBuild: nothing,
      logMigration: nothing,
      log: nothing,
    };
    database.logger = logger;
    return statements;
  }

  forget(): void {
    this.sent = [];
  }

  /** Those that read one of the tables. */
  about(tables: readonly string[]): Statement[] {
    const named = new RegExp(`^\\s*(SELECT|WITH)\\b[^]*\\b(${tables.join('|')})\\b`);
    return this.sent.filter(({ sql }) => named.test(sql));
  }
}
