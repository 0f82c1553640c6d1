/** The code of a tool is not Python. */
export class PythonSyntaxError extends Error {
  override name = 'PythonSyntaxError';

  constructor(
    message: string,
    /** Counted from 1. */
    readonly line: number,
    /** Counted from 1, in characters. */
    readonly column: number,
  ) {
    super(message);
  }
}

/** A tool cannot be described or run; the message is for its author. */
export class PythonToolError extends Error {
  override name = 'PythonToolError';
}

/** The interpreter's process did not come up. */
export class PythonStartError extends PythonToolError {
  override name = 'PythonStartError';
}

/** The interpreter's process was stopped, or ended, before it had answered. */
export class PythonStoppedError extends PythonToolError {
  override name = 'PythonStoppedError';

  constructor(
    message: string,
    /** What the tool had printed until then. */
    readonly printed = '',
  ) {
    super(message);
  }
}

/** The interpreter answers something else than it was asked for. */
export class ImproperReplyError extends PythonToolError {
  override name = 'ImproperReplyError';

  constructor(options?: ErrorOptions) {
    super(
      'The Python interpreter gave no proper answer: a tool had changed what runs it.',
      options,
    );
  }
}
