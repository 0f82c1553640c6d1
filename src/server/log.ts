/** Levels of `VMCP_LOG_LEVEL` and `vmcp.log.level`, least important first. */
export const logLevels = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The server's own log. Fields must hold no secrets. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warning(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** A log that writes one line a message, `time level message key=value …`, through `write`. */
export class LineLog implements Log {
  constructor(
    public level: LogLevel,
    private readonly write: (line: string) => void,
  ) {}

  debug(message: string, fields?: Record<string, unknown>): void {
    this.#log('debug', message, fields);
  }
  info(message: string, fields?: Record<string, unknown>): void {
    this.#log('info', message, fields);
  }
  warning(message: string, fields?: Record<string, unknown>): void {
    this.#log('warning', message, fields);
  }
  error(message: string, fields?: Record<string, unknown>): void {
    this.#log('error', message, fields);
  }

  #log(level: LogLevel, message: string, fields: Record<string, unknown> = {}): void {
    if (logLevels.indexOf(level) < logLevels.indexOf(this.level)) return;
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${text(value)}`);
    this.write(`${new Date().toISOString()} ${level} ${message}${rest.join('')}`);
  }
}

function text(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.stack ?? value.message);
  return typeof value === 'string' && /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}
