import { AppError } from '../appErrors.ts';

/** A secret was needed before the store's key was handed over. */
export class SecretsLockedError extends AppError {
  constructor(name: string) {
    super(
      'locked',
      'The secrets of this server are locked. Open VS Code once to unlock them.',
      name,
    );
  }
}
