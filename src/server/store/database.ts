import type { Database as SqlDatabase, SqlJsStatic, SqlValue, Statement } from 'sql.js';

export type Row = Record<string, SqlValue>;

/** Bytes; SQLite's default, and that of the databases that were written so far. */
const pageSize = 4096;

/** The sql.js database of the worker: prepared statements are kept, transactions are functions. */
export class Database {
  readonly #statements = new Map<string, Statement>();
  readonly #database: SqlDatabase;

  constructor(sql: SqlJsStatic, content?: Uint8Array) {
    this.#database = new sql.Database(content);
    this.#configure();
  }

  run(statement: string, values: SqlValue[] = []): void {
    this.#prepared(statement).run(values);
  }

  /** Runs statements without values, separated by semicolons. */
  script(statements: string): void {
    this.#database.exec(statements);
  }

  all(query: string, values: SqlValue[] = []): Row[] {
    const statement = this.#prepared(query);
    const rows: Row[] = [];
    try {
      statement.bind(values);
      while (statement.step()) rows.push(statement.getAsObject());
      return rows;
    } finally {
      statement.reset();
    }
  }

  /** Like `all`, with the columns of each row in the order of the query: for many rows. */
  lists(query: string, values: SqlValue[] = []): SqlValue[][] {
    const rows: SqlValue[][] = [];
    this.visit(query, values, (row) => rows.push(row));
    return rows;
  }

  /** Shows each row in turn and keeps none: for all rows of a large table. */
  visit(query: string, values: SqlValue[], look: (row: SqlValue[]) => void): void {
    const statement = this.#prepared(query);
    try {
      statement.bind(values);
      while (statement.step()) look(statement.get());
    } finally {
      statement.reset();
    }
  }

  /** The first row; an empty one where there is none. */
  first(query: string, values: SqlValue[] = []): Row {
    return this.all(query, values)[0] ?? {};
  }

  /** What `work` changes is kept as a whole or, where it throws, not at all; may be nested. */
  atomically<T>(work: () => T): T {
    this.#database.run('SAVEPOINT work');
    try {
      const result = work();
      this.#database.run('RELEASE work');
      return result;
    } catch (error) {
      this.#database.run('ROLLBACK TO work; RELEASE work');
      throw error;
    }
  }

  /** A copy of the whole database, as long as it is: for snapshots only. */
  export(): Uint8Array {
    // sql.js closes and reopens the database for this, and frees every statement.
    this.#statements.clear();
    const content = this.#database.export();
    this.#configure();
    return content;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** In bytes. */
  get size(): number {
    const { pages } = this.first('SELECT page_count AS pages FROM pragma_page_count');
    return Number(pages) * pageSize;
  }

  get schema(): number {
    return Number(this.first('PRAGMA user_version').user_version);
  }

  set schema(version: number) {
    this.script(`PRAGMA user_version = ${version}`);
  }

  #prepared(text: string): Statement {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** The file is in memory and the journal outside: SQLite's own care for a disk is of no use. */
  #configure(): void {
    this.script(
      'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY',
    );
  }
}
