import type { RequestFailure } from './requestFailure.ts';

/** One complaint of the server, and the field of the body that it is about. */
export interface PlacedError {
  /** Like `mcp_servers.0.overrides.echo.name`. */
  path: string;
  message: string;
}

/**
 * The fields that a refused request complains of: `detail` names one, or several each with its own
 * message. None where it is no such refusal.
 */
export function placesOf({ status, error, detail }: RequestFailure): PlacedError[] {
  if (status !== 400 && status !== 409) return [];
  return detail.split(/; (?=[A-Za-z_][^:;]*: )/).flatMap((part) => {
    const match = /^([A-Za-z_][^:\s]*(?: [^:\s]+)*?)(?:: ([\s\S]*))?$/.exec(part);
    if (!match?.[1]) return [];
    return [{ path: match[1].replace(/\[(\d+)\]/g, '.$1'), message: match[2] ?? error }];
  });
}

/** What the server says of a field, or of something in it. */
export function errorAt(places: readonly PlacedError[], path: string): string | undefined {
  return places.find((place) => place.path === path || place.path.startsWith(`${path}.`))?.message;
}
