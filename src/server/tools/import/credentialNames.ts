import { isSecretName } from '../http/requestHeaders.ts';

/** Names with “token” in them that are places in a list, or counts. */
const harmless = /(page|next|prev|previous|continuation|sync|cursor)[-_]?token$|tokens$/i;

/** Whether what stands under this name in a document is taken for a credential. */
export function isCredentialName(name: string): boolean {
  return isSecretName(name) && !harmless.test(name);
}
