import mime from 'mime/lite';

/** The MIME type that a file's name tells. */
export function typeOfFile(name: string): string {
  return mime.getType(name) ?? 'application/octet-stream';
}
