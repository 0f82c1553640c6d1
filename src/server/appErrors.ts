/** What a request was refused for, in terms of the product; the edges translate it to HTTP or JSON-RPC. */
export class AppError extends Error {
  constructor(
    readonly code: 'not_found' | 'conflict' | 'invalid' | 'locked' | 'forbidden',
    message: string,
    /** The place: a field's path, an id. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class NotFoundError extends AppError {
  constructor(message: string, detail: string) {
    super('not_found', message, detail);
  }
}

export class ConflictError extends AppError {
  constructor(message: string, detail: string) {
    super('conflict', message, detail);
  }
}

/** Only the user, i.e. a request with the admin token, may do it. */
export class ForbiddenError extends AppError {
  constructor(message: string, detail: string) {
    super('forbidden', message, detail);
  }
}

export class InvalidError extends AppError {
  constructor(message: string, detail: string) {
    super('invalid', message, detail);
  }
}
