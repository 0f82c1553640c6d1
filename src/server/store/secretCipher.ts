import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as z from 'zod';

/** AES-256-GCM: initialization vector, tag and ciphertext, each in base64. */
export const sealedValueSchema = z.strictObject({
  iv: z.base64(),
  tag: z.base64(),
  data: z.base64(),
});
export type SealedValue = z.infer<typeof sealedValueSchema>;

/** @param key 32 bytes. @param name bound to the value: it opens under no other name. */
export function encrypt(key: Uint8Array, name: string, value: string): SealedValue {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return {
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
}

/** @returns the value; undefined where the key or name is another one or the value is damaged. */
export function decrypt(key: Uint8Array, name: string, sealed: SealedValue): string | undefined {
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'), {
      // A shorter tag would be easier to forge, and Node accepts it unless told.
      authTagLength: 16,
    });
    cipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(sealed.tag, 'base64'));
    const data = Buffer.from(sealed.data, 'base64');
    return Buffer.concat([cipher.update(data), cipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
